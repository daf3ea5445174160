import { fewOf } from '../per.ts';
import { type Action, type IntentBase, not, wait } from './action.ts';

export type ReplaceInstances = IntentBase & { action: 'replace-instances'; group: string };

/** Gives up the instances of an Auto Scaling group, which then launches new ones. */
export const replaceInstances: Action<ReplaceInstances> = {
  contract: 'natural',
  about: {
    written: '{ replace-instances: shop-asg }',
    does: 'Gives up the instances of an Auto Scaling group, which launches new ones: of a check `per: InstanceId` those that fail, else all. Refused for a group without one in service, for an instance that is not in service there, and for more than the `limit` of the level.',
    known:
      'none of those given up is in service, but others are; where single ones were given up, as many as the group wants',
  },
  takes: () => 'InstanceId',
  aim: ({ group }) => ({ target: group, group }),
  mayAct: ({ group, targets }, { instances }, { limit }) => {
    if (instances === null) return wait('the instances cannot be read');
    const given = targets ?? instances;
    if (given.length === 0) return not('there is no instance to replace: an empty target is refused');
    const strange = given.filter((instance) => !instances.includes(instance));
    if (strange.length > 0)
      return not(`${fewOf(strange)} is not in service in ${group}: what is not there is not acted on`);
    if (limit !== null && given.length > limit)
      return not(`${given.length} instances would be replaced at once, and the level takes at most ${limit}`);
    return { may: 'act' };
  },
  says: ({ target, targets }) =>
    targets === undefined ? `replace the instances of ${target}` : `replace ${fewOf(targets)} of ${target}`,
  // A group's ARN holds an id that only AWS knows: the name is exact, the id is anybody's.
  grants: ({ group }) => [
    {
      actions: ['autoscaling:SetInstanceHealth'],
      on: [{ service: 'autoscaling', name: `autoScalingGroup:*:autoScalingGroupName/${group}` }],
    },
  ],
  sees: () => [{ actions: ['autoscaling:DescribeAutoScalingGroups'], on: '*' }],
};
