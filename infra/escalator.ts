import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ArchiveLock, Config } from '../shared/config/config.ts';
import { Alerts } from './constructs/alerts.ts';
import { Auditor } from './constructs/auditor.ts';
import { Boundary } from './constructs/boundary.ts';
import { Canary } from './constructs/canary.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { Describer } from './constructs/describer.ts';
import { DigestKey } from './constructs/digest-key.ts';
import { Door } from './constructs/door.ts';
import { Healer } from './constructs/healer.ts';
import { Intake } from './constructs/intake.ts';
import { KillSwitch } from './constructs/kill-switch.ts';
import { Members } from './constructs/members.ts';
import { Reactor } from './constructs/reactor.ts';
import { Reconciler } from './constructs/reconciler.ts';
import { Trail } from './constructs/trail.ts';
import { Watchdog } from './constructs/watchdog.ts';
import { lockNotChosen, readConfig } from './read-config.ts';

export type EscalatorProps = {
  /** path of `escalator.yaml`, from where the app is run: it is shipped with every function */
  config: string | Config;
  /** the name of a bucket of another account to keep seals in; one is made in this account where left out */
  archive?: string;
  /** the e-mail address of who is told when Escalator itself is silent */
  watchdog?: string;
  /** whether reads of secrets and encrypted parameters are recorded too; by default they are not */
  secretReads?: boolean;
};

/**
 * The whole product on AWS, as the drawing in the design has it: what comes in, the trail, and what follows from it.
 * One in an account and Region: it records all that happens there.
 */
export class Escalator extends Construct {
  /** where people ask and give orders: `ESCALATOR_URL` */
  readonly url: string;
  /** where alerts go, by the names of the configuration */
  readonly topics: { [name: string]: ITopic };
  /** where alarms about Escalator itself go */
  readonly watchdogTopic: ITopic;

  constructor(
    scope: Construct,
    id: string,
    { config: given, archive, watchdog: tell, secretReads = false }: EscalatorProps,
  ) {
    super(scope, id);
    const config = typeof given === 'string' ? readConfig(given) : given;
    // Without this, rules of any account could send to our encrypted queues (aws/aws-cdk#22740).
    this.node.setContext('@aws-cdk/aws-events:eventsTargetQueueSameAccount', true);
    new Boundary(this, 'Boundary'); // what nobody here can ever do
    // One key of ours for all that is kept: taking it away takes everything away at once.
    const key = new Key(this, 'Key', { enableKeyRotation: true, description: 'Escalator: trail, queues, topics' });
    letLogsEncrypt(Stack.of(this), key);
    const shipped = { key, config };

    const watchdog = new Watchdog(this, 'Watchdog', { tell: tell ?? null }); // who is told of Escalator itself
    const members = new Members(this, 'Members', { config }); // who is elsewhere
    const trail = new Trail(this, 'Trail', { key }); // what happened, for ever
    const alerts = new Alerts(this, 'Alerts', { ...shipped, trail, watchdog }); // who is told
    const digests = new DigestKey(this, 'DigestKey', { key }); // how equal secrets are told without being known
    const intake = new Intake(this, 'Intake', { ...shipped, trail, digests, alerts, members, secretReads }); // how facts get there
    const describer = new Describer(this, 'Describer', { ...shipped, trail, digests, alerts }); // what events lack
    const killSwitch = new KillSwitch(this, 'KillSwitch'); // what stops all acting
    const healer = new Healer(this, 'Healer', { ...shipped, trail, alerts, killSwitch, members }); // what may be done, and to what
    const acted = { alerts, describer, healer, killSwitch, members };
    const reactor = new Reactor(this, 'Reactor', { ...shipped, trail, ...acted }); // what follows
    const { unswept: undelivered } = reactor;
    const lock = archive ?? lockOf(config);
    const auditor = new Auditor(this, 'Auditor', { ...shipped, trail, undelivered, alerts, archive: lock }); // what vouches for it
    const queues = [...intake.queues, describer.queue, healer.queue, alerts.queue, reactor.timers];
    const door = new Door(this, 'Door', { ...shipped, trail, auditor, killSwitch, queues, alerts }); // where people ask, and say what is to be done
    new Reconciler(this, 'Reconciler', { ...shipped, trail, digests, undelivered, watchdog, members }); // what events did not tell
    new Canary(this, 'Canary', { ...shipped, trail, undelivered, watchdog }); // what shows that all that goes on
    new Dashboard(this, 'Dashboard', { of: this, door: door.metrics }); // all of it on one screen

    this.url = door.url;
    this.topics = alerts.topics;
    this.watchdogTopic = watchdog.topic;
  }
}

/** CloudWatch Logs encrypts with the key itself, and only for logs of this account (CloudWatch Logs User Guide). */
const letLogsEncrypt = ({ account, region, partition }: Stack, key: Key): void => {
  const logs = `arn:${partition}:logs:${region}:${account}:log-group:*`;
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'], // of a key's own policy: this key
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logs } },
    }),
  );
};

const lockOf = ({ archive }: Config): ArchiveLock => {
  if (archive !== undefined) return archive;
  throw lockNotChosen();
};
