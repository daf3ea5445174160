import { Aws, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, PolicyStatement, type PrincipalBase, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Config, type LadderConfig, laddersOf } from '../shared/config/config.ts';
import { externalIdOf, type Home, homeRole, type LentTo, type Member, memberRole } from '../shared/config/member.ts';
import { canarySource } from '../shared/watch/canary.ts';
import { raise } from './constructs/alarm.ts';
import { letActOnTargets, letExamine, letReadPast, letReadTargets } from './constructs/targets.ts';
import { Watchdog } from './constructs/watchdog.ts';

export type MemberStackProps = StackProps & {
  config: Config;
  member: Member;
  home: Home;
  /** the e-mail address of who is told when what happens here is not taken at home; null tells nobody until somebody subscribes */
  watchdog?: string | null;
  /** roles of people at home who may look here too, as `escalator doctor` does */
  looks?: string[];
};

/**
 * What an environment in another account or Region needs there: its events go to Escalator's bus, and Escalator's
 * functions are let in to look and to act, each in a role of its own that may do what the levels of this environment name.
 */
export class MemberStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, member, home, watchdog = null, looks = [], ...props }: MemberStackProps,
  ) {
    const { account, region, environment } = member;
    const description = `Escalator: ${environment}, for Escalator in ${home.account} ${home.region}`;
    super(scope, id, { description, env: { account, region }, ...props });
    const undelivered = this.makeUndelivered();
    this.forward(home, undelivered);
    this.watch(undelivered, environment, watchdog);
    const ladders = laddersOf(config).filter((ladder) => ladder.environment === environment);
    this.lend(config, ladders, { member, home, looks });
  }

  /** Every event of this account and Region, as at home; what was forwarded to here from elsewhere goes no further. */
  private forward({ account, region }: Home, undelivered: Queue): void {
    const bus = EventBus.fromEventBusArn(
      this,
      'Home',
      `arn:${this.partition}:events:${region}:${account}:event-bus/default`,
    );
    const target = new EventBusTarget(bus, { deadLetterQueue: undelivered });
    new Rule(this, 'Forward', {
      description: 'Escalator: what happens here is told at home',
      eventPattern: {
        account: [this.account],
        region: [this.region],
        source: [{ 'anything-but': [canarySource] }] as unknown as string[], // CDK's type knows only plain strings
      },
      targets: [{ bind: (rule) => ({ ...target.bind(rule), retryPolicy }) }],
    });
  }

  /** People are told from here: what is not taken at home cannot be told there. */
  private watch(undelivered: Queue, environment: string, tell: string | null): void {
    raise(this, new Watchdog(this, 'Watchdog', { tell, name: `escalator-watchdog-${environment}` }), {
      name: 'What happens elsewhere is not taken at home',
      which: environment,
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      above: 0,
      silence: 'well',
    });
  }

  private makeUndelivered(): Queue {
    const key = new Key(this, 'Key', {
      enableKeyRotation: true,
      description: 'Escalator: events that home did not take',
    });
    key.grantEncryptDecrypt(new ServicePrincipal('events.amazonaws.com'));
    return new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }

  /** To look: for whoever decides, whoever acts, and whoever asks what no event told. To act: for whoever acts alone. */
  private lend(
    config: Config,
    ladders: LadderConfig[],
    { member, home, looks }: Required<Pick<MemberStackProps, 'member' | 'home' | 'looks'>>,
  ): void {
    const { environment } = member;
    const lentTo = (people: string[], ...functions: LentTo[]) => letIn(home, environment, functions, people);
    const reader = new Lent(
      this,
      'Read',
      memberRole(environment, 'read'),
      lentTo(looks, 'react', 'take-step', 'reconcile'),
    );
    letReadTargets(reader, config, ladders);
    letReadPast(reader, ladders);
    if (looks.length > 0) letExamine(reader, ladders);
    const actor = new Lent(this, 'Act', memberRole(environment, 'act'), lentTo([], 'take-step'));
    letReadTargets(actor, config, ladders); // it looks again at what it acts on
    letActOnTargets(actor, config, ladders);
  }
}

/** EventBridge's most, within its most; CDK's target does not ask. */
const retryPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

/**
 * Home's functions, by the names of their roles, and people's roles that were named, where they say that they come for this
 * environment. The account is named as a whole, and the role by a condition: a role that is named as principal is lost for
 * good when it is made anew.
 */
const letIn = ({ account, region }: Home, environment: string, functions: LentTo[], people: string[]): PrincipalBase =>
  new AccountPrincipal(account).withConditions({
    StringEquals: { 'sts:ExternalId': externalIdOf({ account, region }, environment) },
    ArnLike: {
      'aws:PrincipalArn': [
        ...functions.map((name) => `arn:${Aws.PARTITION}:iam::${account}:role/${homeRole(name, region)}`),
        ...people,
      ],
    },
  });

/** A role that is lent, and may do nothing yet. */
class Lent extends Role {
  constructor(scope: Construct, id: string, roleName: string, assumedBy: PrincipalBase) {
    super(scope, id, { roleName, assumedBy, maxSessionDuration: Duration.hours(1) });
  }

  letCall(actions: string[], resources: string[]): void {
    if (resources.length > 0) this.addToPolicy(new PolicyStatement({ actions, resources }));
  }
}
