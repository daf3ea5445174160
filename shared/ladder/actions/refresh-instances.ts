import { type Action, type IntentBase, not, wait } from './action.ts';

export type RefreshInstances = IntentBase & { action: 'refresh-instances'; group: string };

/** The instance refreshes of an Auto Scaling group as they were right before an act on it. */
export type RefreshReading = {
  of: 'instance-refresh';
  /** the newest one, whatever became of it */
  newest: { id: string; status: string } | null;
};

export const refreshReading = (reading: { of: string } | null | undefined): RefreshReading | null =>
  reading?.of === 'instance-refresh' ? (reading as RefreshReading) : null;

const over = ['Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed'];

/**
 * Replaces the instances of an Auto Scaling group, some at a time: StartInstanceRefresh. There is one at a time in a
 * group, but when that is over a second is another one: a lost answer is read back, by a refresh that was not there.
 */
export const refreshInstances: Action<RefreshInstances> = {
  contract: 'none',
  about: {
    written: '{ refresh-instances: shop-asg }',
    does: 'Replaces all instances of an Auto Scaling group in turns: StartInstanceRefresh. Waits for a refresh that is not over. Refused for a group without instances.',
    known: 'the refresh is Successful; a lost answer by a refresh that was not there before',
  },
  aim: ({ group }) => ({ target: group, group }),
  mayAct: ({ group }, { instances, target }) => {
    const reading = refreshReading(target);
    if (instances === null || reading === null) return wait(`Auto Scaling group ${group} cannot be read`);
    const { newest } = reading;
    if (newest !== null && !over.includes(newest.status))
      return wait(`an instance refresh of ${group} is under way (${newest.id}, ${newest.status}): it is let finish`);
    return instances.length === 0
      ? not(`Auto Scaling group ${group} has no instance to replace: an empty target is refused`)
      : { may: 'act' };
  },
  says: ({ group }) => `replace the instances of ${group}, some at a time`,
  // A group's ARN holds an id that only AWS knows: the name is exact, the id is anybody's.
  grants: ({ group }) => [
    {
      actions: ['autoscaling:StartInstanceRefresh'],
      on: [{ service: 'autoscaling', name: `autoScalingGroup:*:autoScalingGroupName/${group}` }],
    },
  ],
  sees: () => [
    { actions: ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeInstanceRefreshes'], on: '*' },
  ],
};
