/** A change of a stack: its creation, or an update. What came of it follows from this and the time. */
export type Change = {
  verb: 'CREATE' | 'UPDATE';
  /** ms, as all times here */
  at: number;
  pace: number;
  resources: { id: string; type: string }[];
  token: string | null;
  /** its first resource cannot be made, and it is rolled back */
  fails: boolean;
};

export type Stack = { name: string; id: string; changes: Change[] };

type Event = { at: number; resource: { id: string; type: string } | null; status: string; reason?: string };

/** What a change goes through: the stack begins, each resource begins and ends, the stack ends; or all is taken back. */
const eventsOf = ({ verb, at, pace, resources, fails }: Change): Event[] => {
  const begun = [
    { at, resource: null, status: `${verb}_IN_PROGRESS`, reason: 'User Initiated' },
    ...resources.map((resource) => ({ at: at + pace, resource, status: `${verb}_IN_PROGRESS` })),
  ];
  if (fails) return [...begun, ...takenBack(verb, at + 2 * pace, pace, resources[0] ?? null)];
  return [
    ...begun,
    ...resources.map((resource) => ({ at: at + 2 * pace, resource, status: `${verb}_COMPLETE` })),
    { at: at + 3 * pace, resource: null, status: `${verb}_COMPLETE` },
  ];
};

const takenBack = (verb: Change['verb'], at: number, pace: number, resource: Event['resource']): Event[] => {
  const rollback = verb === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
  const failed = { at, resource, status: `${verb}_FAILED`, reason: 'The resource could not be made.' };
  return [
    ...(resource === null ? [] : [failed]),
    { at, resource: null, status: `${rollback}_IN_PROGRESS`, reason: 'The following resource(s) failed.' },
    { at: at + pace, resource: null, status: `${rollback}_COMPLETE` },
  ];
};

/** How the stack stands at a time. */
export const statusOf = (stack: Stack, now: number): string =>
  stack.changes
    .flatMap(eventsOf)
    .filter(({ resource, at }) => resource === null && at <= now)
    .at(-1)?.status ?? '';

/** What DescribeStackEvents shows of what happened until now, oldest first. */
export const stackEvents = ({ id, name, changes }: Stack, now: number): object[] =>
  changes.flatMap((change, number) =>
    eventsOf(change)
      .filter(({ at }) => at <= now)
      .map(({ at, resource, status, reason }, event) => ({
        StackId: id,
        StackName: name,
        EventId: `${resource?.id ?? name}-${number}-${event}`,
        LogicalResourceId: resource?.id ?? name,
        PhysicalResourceId: resource === null ? id : `${name}-${resource.id}`,
        ResourceType: resource?.type ?? 'AWS::CloudFormation::Stack',
        Timestamp: new Date(at),
        ResourceStatus: status,
        ResourceStatusReason: reason,
        ClientRequestToken: change.token,
      })),
  );

/** What DescribeStacks shows. */
export const stackView = (stack: Stack, now: number): object => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date(stack.changes[0]?.at ?? now),
  StackStatus: statusOf(stack, now),
});
