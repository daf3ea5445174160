import { type Action, type IntentBase, not, wait } from './action.ts';

export type ReplaceInstances = IntentBase & { action: 'replace-instances'; group: string };

/** Gives up the instances of an Auto Scaling group, which then launches new ones. */
export const replaceInstances: Action<ReplaceInstances> = {
  contract: 'natural',
  about: {
    written: '{ replace-instances: shop-asg }',
    does: 'Gives up the instances of an Auto Scaling group, which launches new ones. A group without one in service is refused.',
    known: 'other instances are in service, and none of those given up',
  },
  aim: ({ group }) => ({ target: group, group }),
  mayAct: (_intent, { instances }) => {
    if (instances === null) return wait('the instances cannot be read');
    return instances.length === 0 ? not('there is no instance to replace: an empty target is refused') : { may: 'act' };
  },
  says: ({ target }) => `replace the instances of ${target}`,
  // A group's ARN holds an id that only AWS knows: the name is exact, the id is anybody's.
  grants: ({ group }) => [
    {
      actions: ['autoscaling:SetInstanceHealth'],
      on: [{ service: 'autoscaling', name: `autoScalingGroup:*:autoScalingGroupName/${group}` }],
    },
  ],
  sees: () => [{ actions: ['autoscaling:DescribeAutoScalingGroups'], on: '*' }],
};
