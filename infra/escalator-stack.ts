import { Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ArchiveLock, Config } from '../shared/config/config.ts';
import { Actor } from './constructs/actor.ts';
import { Alerts } from './constructs/alerts.ts';
import { Boundary } from './constructs/boundary.ts';
import { Describer } from './constructs/describer.ts';
import { DigestKey } from './constructs/digest-key.ts';
import { Door } from './constructs/door.ts';
import { Intake } from './constructs/intake.ts';
import { KillSwitch } from './constructs/kill-switch.ts';
import { Reactor } from './constructs/reactor.ts';
import { Sealer } from './constructs/sealer.ts';
import { Trail } from './constructs/trail.ts';
import { Watchdog } from './constructs/watchdog.ts';
import { lockNotChosen } from './read-config.ts';

export type EscalatorStackProps = StackProps & {
  /** path of `escalator.yaml`: it is shipped with every function */
  configFile: string;
  config: Config;
  /** the name of a bucket of another account to keep seals in; one is made in this account where left out */
  archive?: string;
  /** the e-mail address of who is told when Escalator itself is silent */
  watchdog?: string;
};

/** The whole product on AWS, as the drawing in the design has it: what comes in, the trail, and what follows from it. */
export class EscalatorStack extends Stack {
  constructor(scope: Construct, id: string, { configFile, config, archive, watchdog, ...props }: EscalatorStackProps) {
    super(scope, id, { description: 'Escalator: every change on the record, every failing check answered', ...props });
    // Without this, rules of any account could send to our encrypted queues (aws/aws-cdk#22740).
    this.node.setContext('@aws-cdk/aws-events:eventsTargetQueueSameAccount', true);
    // One key of ours for all that is kept: taking it away takes everything away at once.
    const key = new Key(this, 'Key', { enableKeyRotation: true, description: 'Escalator: trail, queues, topics' });
    new Boundary(this, 'Boundary'); // what nobody here can ever do
    letLogsEncrypt(this, key);
    const shipped = { key, configFile };

    const trail = new Trail(this, 'Trail', { key }); // what happened, for ever
    const alerts = new Alerts(this, 'Alerts', { ...shipped, config, trail }); // who is told
    const digests = new DigestKey(this, 'DigestKey', { key }); // how equal secrets are told without being known
    const intake = new Intake(this, 'Intake', { ...shipped, trail, digests, alerts }); // how facts get there
    const describer = new Describer(this, 'Describer', { ...shipped, trail, digests, alerts }); // what events lack
    const killSwitch = new KillSwitch(this, 'KillSwitch'); // what stops all acting
    const actor = new Actor(this, 'Actor', { ...shipped, config, trail, alerts, killSwitch }); // what may be done
    const reactor = new Reactor(this, 'Reactor', { ...shipped, config, trail, alerts, describer, actor, killSwitch }); // what follows
    const sealer = new Sealer(this, 'Sealer', {
      ...shipped,
      trail,
      undelivered: reactor.unswept,
      alerts,
      archive: archive ?? lockOf(config),
    }); // what vouches for it
    const queues = [...intake.queues, describer.queue, actor.queue, alerts.queue, reactor.timers];
    new Door(this, 'Door', { ...shipped, trail, sealer, killSwitch, queues }); // where people ask, and say what is to be done
    new Watchdog(this, 'Watchdog', { ...shipped, trail, undelivered: reactor.unswept, tell: watchdog ?? null }); // what tells when all that is silent
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
