import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { homeRole } from '../../shared/config/member.ts';
import type { Watch } from './alarm.ts';
import { HouseFunction } from './house-function.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Members } from './members.ts';
import { letActOnTargets, letReadTargets } from './targets.ts';
import type { Trail } from './trail.ts';
import { WorkQueue } from './work-queue.ts';

export type HealerProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  alerts: Watch;
  killSwitch: KillSwitch;
  members: Members;
};

/** What may be done, and to what: take-step, the only function that can change anything, one act a target at a time. */
export class Healer extends Construct {
  readonly queue: WorkQueue;
  /** the role that it acts in: what is called in it is no person's doing */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: HealerProps) {
    super(scope, id);
    const { key, config, trail, alerts, killSwitch, members } = props;
    const actor = new HouseFunction(this, 'TakeStep', {
      name: 'take-step',
      config,
      key,
      ...(members.areThere && { roleName: homeRole('take-step', Stack.of(this).region) }),
      timeout: Duration.seconds(60), // functions/take-step reckons with it: a claim that is older has nobody behind it
    });
    this.roleArn = actor.role?.roleArn ?? '';
    trail.letAppend(actor);
    killSwitch.letSee(actor);
    letReadTargets(actor, config);
    letActOnTargets(actor, config);
    members.letTake(actor, 'read', 'act');
    this.queue = new WorkQueue(this, 'Queue', { name: 'acts', key, worker: actor, watch: alerts });
  }
}
