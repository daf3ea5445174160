import type { EmittedEvent } from '../world.ts';

/** An Auto Scaling group, as its events name it. */
export type Group = { account: string; region: string; name: string; id: string };

export const groupArn = ({ account, region, name, id }: Group): string =>
  `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;

export const zoneOf = (region: string): string => `${region}a`;

/** One scaling activity that has come to its end. */
export type Activity = { id: string; request: string; instance: string; startedAt: Date; endedAt: Date };

const kinds = {
  terminate: {
    detailType: 'EC2 Instance Terminate Successful',
    verb: 'Terminating',
    cause: 'an instance was taken out of service in response to a user health-check.',
  },
  launch: {
    detailType: 'EC2 Instance Launch Successful',
    verb: 'Launching a new',
    cause: 'an instance was launched in response to an unhealthy instance needing to be replaced.',
  },
} as const;

/**
 * The event of an instance that went or came. `StatusCode` is InProgress although it succeeded: that is how AWS
 * sends it. Source of the shape: EC2 Auto Scaling User Guide, "Successful scaling event examples".
 */
export const activityEvent = (kind: keyof typeof kinds, group: Group, activity: Activity): EmittedEvent => {
  const { detailType, verb, cause } = kinds[kind];
  const { account, region } = group;
  return {
    source: 'aws.autoscaling',
    detailType,
    resources: [groupArn(group), `arn:aws:ec2:${region}:${account}:instance/${activity.instance}`],
    detail: {
      StatusCode: 'InProgress',
      Description: `${verb} EC2 instance: ${activity.instance}`,
      AutoScalingGroupName: group.name,
      ActivityId: activity.id,
      Details: { 'Availability Zone': zoneOf(region) },
      RequestId: activity.request,
      StatusMessage: '',
      StartTime: activity.startedAt.toISOString(),
      EndTime: activity.endedAt.toISOString(),
      EC2InstanceId: activity.instance,
      Cause: `At ${activity.startedAt.toISOString().slice(0, 19)}Z ${cause}`,
    },
  };
};
