import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { CallBook } from './cloudtrail.ts';
import type { RecorderOptions } from './ecs.ts';
import { textIn } from './members.ts';
import { type Change, type Stack, stackEvents, stackView, statusOf } from './stack.ts';

type CloudFormation = RecorderOptions & { calls: CallBook };

/**
 * The call of CloudFormation that the product makes, and those that set up what it makes it on. Nothing is made of a
 * template: its resources go through their states in time.
 */
export const cloudFormationOperations = (options: CloudFormation): Operations => {
  const { transaction } = options;
  const noted = (call: string, operation: (input: Members) => { StackId: string }) => (input: Members) =>
    transaction(() => {
      const answer = operation(input);
      const parameters = { stackName: input.StackName, clientRequestToken: input.ClientRequestToken };
      options.calls.note('cloudformation', call, parameters, { stackId: answer.StackId });
      return answer;
    });
  return {
    CreateStack: noted('CreateStack', (input) => createStack(options, input)),
    UpdateStack: noted('UpdateStack', (input) => updateStack(options, input)),
    DescribeStacks: (input) => ({ Stacks: [stackView(stackNamed(options, input), nowOf(options))] }),
    DescribeStackEvents: (input) => describeEvents(options, input),
  };
};

const nowOf = ({ world }: CloudFormation): number => world.now().getTime();

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

/** By its name or its ARN, as all calls take it. */
const stackNamed = ({ book }: CloudFormation, input: Members): Stack => {
  const asked = textIn(input, 'StackName', 'ValidationError');
  const stack = book.get<Stack>('stack', /:stack\/([^/]+)\//.exec(asked)?.[1] ?? asked);
  if (stack === null) throw invalid(`Stack [${asked}] does not exist`);
  return stack;
};

const changeOf = (options: CloudFormation, input: Members, verb: Change['verb']): Change => ({
  verb,
  at: nowOf(options),
  pace: options.plan.pace,
  resources: resourcesIn(input),
  token: input.ClientRequestToken === undefined ? null : String(input.ClientRequestToken),
  fails: options.plan.fails.includes(String(input.StackName)),
});

/** Of a template in JSON the resources and their types; one that is written otherwise counts as having none. */
const resourcesIn = ({ TemplateBody: body }: Members): Change['resources'] => {
  try {
    const { Resources = {} } = JSON.parse(String(body)) as { Resources?: { [id: string]: { Type?: string } } };
    return Object.entries(Resources).map(([id, { Type }]) => ({ id, type: String(Type) }));
  } catch {
    return [];
  }
};

const createStack = (options: CloudFormation, input: Members): { StackId: string } => {
  const { world, book } = options;
  const name = textIn(input, 'StackName', 'ValidationError');
  if (book.get('stack', name) !== null) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
  const id = `arn:aws:cloudformation:${world.region}:${world.account}:stack/${name}/${world.newId()}`;
  book.put('stack', name, { name, id, changes: [changeOf(options, input, 'CREATE')] } satisfies Stack);
  return { StackId: id };
};

const updateStack = (options: CloudFormation, input: Members): { StackId: string } => {
  const stack = stackNamed(options, input);
  const status = statusOf(stack, nowOf(options));
  if (!status.endsWith('_COMPLETE') || status === 'ROLLBACK_COMPLETE')
    throw invalid(`Stack:${stack.id} is in ${status} state and can not be updated.`);
  const changes = [...stack.changes, changeOf(options, { ...input, StackName: stack.name }, 'UPDATE')];
  options.book.put('stack', stack.name, { ...stack, changes });
  return { StackId: stack.id };
};

const eventsAtOnce = 100;

/** Newest first. */
const describeEvents = (options: CloudFormation, input: Members): object => {
  const stack = stackNamed(options, input);
  const events = stackEvents(stack, nowOf(options)).toReversed();
  const start = startOf(input.NextToken);
  const end = start + eventsAtOnce;
  return {
    StackEvents: events.slice(start, end),
    ...(end < events.length && { NextToken: Buffer.from(`events ${end}`).toString('base64url') }),
  };
};

const startOf = (token: unknown): number => {
  if (token === undefined) return 0;
  const start = /^events (\d{1,9})$/.exec(
    typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '',
  )?.[1];
  if (start === undefined) throw invalid('Invalid nextToken');
  return Number(start);
};
