import { type CloudFormationClient, DescribeStackEventsCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import type { StackEventRead } from '../../shared/reconcile/stacks.ts';
import type { Pace } from './pace.ts';

/** What CloudFormation keeps of a stack's past. */
export type StackHistory = {
  /**
   * A page of its events, newest first.
   *
   * @returns null where there is no stack of that name; `stale` where the token is not taken any more
   */
  events(
    stack: string,
    token: string | null,
  ): Promise<{ events: StackEventRead[]; token: string | null } | 'stale' | null>;
};

export const createStackHistory = (client: CloudFormationClient, pace: Pace): StackHistory => ({
  events: async (StackName, token) => {
    try {
      const answer = await pace(() =>
        client.send(new DescribeStackEventsCommand({ StackName, ...(token !== null && { NextToken: token }) })),
      );
      return { events: (answer.StackEvents ?? []).flatMap(eventOf), token: answer.NextToken ?? null };
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (/does not exist/.test(error.message)) return null;
      if (token !== null) return 'stale';
      throw error;
    }
  },
});

/** CloudFormation has one name for all that is wrong with a call, and only the words tell. */
const isRefused = (error: unknown): error is Error => error instanceof Error && error.name === 'ValidationError';

/** Of hooks there are events of another kind, which are told by EventBridge alone. */
const eventOf = (one: StackEvent): StackEventRead[] => {
  const { StackId: stack, Timestamp: at, ResourceStatus: status, LogicalResourceId: logical, ResourceType: type } = one;
  const isWhole = stack !== undefined && at !== undefined && status !== undefined;
  if (!isWhole || logical === undefined || type === undefined || one.HookType !== undefined) return [];
  return [
    {
      stack,
      resource: { logical, physical: one.PhysicalResourceId ?? null, type },
      at: at.toISOString(),
      status,
      detailed: one.DetailedStatus ?? null,
      reason: one.ResourceStatusReason ?? null,
      token: one.ClientRequestToken ?? null,
    },
  ];
};
