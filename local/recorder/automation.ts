import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { RecorderOptions } from './ecs.ts';
import { textIn } from './members.ts';

type Document = { name: string; type: string; content: string; createdAt: number };

type Automation = {
  id: string;
  document: string;
  version: string;
  parameters: { [name: string]: string[] };
  /** in lower case: tokens are told apart without regard to case */
  token: string | null;
  tags: { Key: string; Value: string }[];
  /** ms */
  startedAt: number;
  pace: number;
  fails: boolean;
};

/**
 * The calls of SSM Automation that the product makes, and CreateDocument to set them up. The steps of a document are
 * not carried out: an execution goes through its states in time.
 */
export const automationOperations = (options: RecorderOptions): Operations => {
  const { transaction } = options;
  return {
    CreateDocument: (input) => transaction(() => createDocument(options, input)),
    StartAutomationExecution: (input) => transaction(() => startAutomation(options, input)),
    GetAutomationExecution: (input) => ({
      AutomationExecution: automationView(options, automationNamed(options, input)),
    }),
    DescribeAutomationExecutions: (input) => describeAutomations(options, input),
  };
};

const createDocument = ({ book, world }: RecorderOptions, input: Members) => {
  const name = textIn(input, 'Name', 'InvalidDocument');
  if (book.get('document', name) !== null)
    throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
  const type = String(input.DocumentType ?? 'Command');
  const document: Document = { name, type, content: String(input.Content ?? ''), createdAt: world.now().getTime() };
  book.put('document', name, document);
  const { createdAt } = document;
  return {
    DocumentDescription: { Name: name, DocumentType: type, CreatedDate: new Date(createdAt), Status: 'Active' },
  };
};

const uuid = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

/** The same token with the same parameters is the same execution, with others a mistake. */
const startAutomation = (options: RecorderOptions, input: Members) => {
  const { book, world, plan } = options;
  const name = textIn(input, 'DocumentName', 'ValidationException');
  const token = input.ClientToken === undefined ? null : String(input.ClientToken).toLowerCase();
  if (token !== null && !uuid.test(token))
    throw new AwsError('ValidationException', "Value at 'clientToken' failed to satisfy constraint: a UUID");
  if (book.get<Document>('document', name)?.type !== 'Automation')
    throw new AwsError('AutomationDefinitionNotFoundException', `Automation document ${name} could not be found`);
  const parameters = (input.Parameters ?? {}) as Automation['parameters'];
  const before = token === null ? undefined : automations(options).find((one) => one.token === token);
  if (before !== undefined) return again(before, name, parameters);
  const automation: Automation = {
    id: world.newId(),
    document: name,
    version: String(input.DocumentVersion ?? '1'),
    parameters,
    token,
    tags: (input.Tags ?? []) as Automation['tags'],
    startedAt: world.now().getTime(),
    pace: plan.pace,
    fails: plan.fails.includes(name),
  };
  book.put('automation', automation.id, automation);
  return { AutomationExecutionId: automation.id };
};

const again = ({ id, document, parameters }: Automation, name: string, asked: Automation['parameters']) => {
  if (document === name && JSON.stringify(parameters) === JSON.stringify(asked)) return { AutomationExecutionId: id };
  throw new AwsError(
    'IdempotentParameterMismatch',
    'The parameters differ from those of the original call with the same idempotency token',
  );
};

const automations = ({ book }: RecorderOptions): Automation[] => book.all<Automation>('automation');

const automationNamed = ({ book }: RecorderOptions, input: Members): Automation => {
  const id = textIn(input, 'AutomationExecutionId', 'ValidationException');
  const automation = book.get<Automation>('automation', id);
  if (automation !== null) return automation;
  throw new AwsError('AutomationExecutionNotFoundException', `Automation execution ${id} could not be found`);
};

const automationView = ({ world }: RecorderOptions, automation: Automation) => {
  const end = automation.startedAt + 2 * automation.pace;
  const isOver = world.now().getTime() >= end;
  return {
    AutomationExecutionId: automation.id,
    DocumentName: automation.document,
    DocumentVersion: automation.version,
    ExecutionStartTime: new Date(automation.startedAt),
    ExecutionEndTime: isOver ? new Date(end) : undefined,
    AutomationExecutionStatus: isOver ? (automation.fails ? 'Failed' : 'Success') : 'InProgress',
    FailureMessage: isOver && automation.fails ? 'Step fails when it is Execute/Cancelling action.' : undefined,
    Parameters: automation.parameters,
    Mode: 'Auto',
    ExecutedBy: `arn:aws:iam::${world.account}:user/local`,
    StepExecutions: [],
  };
};

/** Newest first, by the filters that are known here; another is refused, never ignored. */
const describeAutomations = (options: RecorderOptions, input: Members) => {
  const filters = (input.Filters ?? []) as { Key: string; Values: string[] }[];
  for (const { Key } of filters)
    if (!Object.hasOwn(filterBy, Key)) throw new AwsError('InvalidFilterKey', `The filter key ${Key} is not known`);
  const found = automations(options)
    .toReversed()
    .filter((one) => filters.every(({ Key, Values }) => Values.some((value) => filterBy[Key]?.(one, value) ?? false)));
  return {
    AutomationExecutionMetadataList: found.slice(0, Number(input.MaxResults ?? 50)).map((one) => {
      const { StepExecutions: _steps, Parameters: _parameters, ...metadata } = automationView(options, one);
      return { ...metadata, AutomationType: 'Local' };
    }),
  };
};

const filterBy: { [key: string]: (automation: Automation, value: string) => boolean } = {
  DocumentNamePrefix: ({ document }, prefix) => document.startsWith(prefix),
  ExecutionId: ({ id }, value) => id === value,
  StartTimeAfter: ({ startedAt }, value) => startedAt >= Date.parse(value),
  StartTimeBefore: ({ startedAt }, value) => startedAt <= Date.parse(value),
  TagKey: ({ tags }, key) => tags.some((tag) => tag.Key === key),
};
