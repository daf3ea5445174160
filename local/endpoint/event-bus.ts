import { compilePattern } from '../../shared/pattern/pattern.ts';
import { indexPatterns } from '../../shared/pattern/rules.ts';
import type { EmittedEvent } from '../world.ts';
import { AwsError, type Members, type Operations } from './operations.ts';

/** A rule of the default bus with its one target. */
export type BusRule = { name: string; pattern: unknown; queue: string };

export type EventBus = {
  operations: Operations;
  /** For what the stand-ins emit; resolves when each matching rule's queue took the event. */
  deliver: (event: EmittedEvent) => Promise<void>;
};

export type EventBusOptions = {
  account: string;
  region: string;
  rules: BusRule[];
  send: (queueName: string, body: string) => Promise<void>;
  /** whether an event that a stand-in emitted is lost on the way; none is when absent */
  isLost?: (event: object) => boolean;
  now: () => Date;
  newId: () => string;
};

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

const maxEntries = 10;
/** bytes of all entries of a request, counted as EventBridge does */
const maxBytes = 1_048_576;

/**
 * The default event bus of this machine: matches events to rules and puts them in the rules' queues. Other than on
 * AWS, sources that begin with `aws.` are taken too, so that recorded events can be put.
 *
 * An entry of PutEvents is answered with its EventId only after each matching rule's queue took it: what is
 * acknowledged here is not lost. An entry whose queue refuses it is answered with InternalFailure, to be put again.
 */
export const createEventBus = ({
  account,
  region,
  rules,
  send,
  isLost = () => false,
  now,
  newId,
}: EventBusOptions): EventBus => {
  const rulesOf = indexPatterns(rules.map(({ pattern }) => compilePattern(pattern)));

  const publish = async (envelope: Envelope): Promise<void> => {
    const queues = new Set(rulesOf(envelope).flatMap((number) => rules[number]?.queue ?? []));
    const body = JSON.stringify(envelope).replace(/[\ufffe\uffff]/g, escaped); // the two that SQS does not take
    await Promise.all([...queues].map((queue) => send(queue, body)));
  };

  const deliver = async (event: EmittedEvent): Promise<void> => {
    const at = { account, region, id: event.id ?? newId(), time: event.time ?? now() };
    const { detailType, resources = [], detail } = event;
    const envelope = envelopeOf(at, event.source, { detailType, resources, detail });
    if (!isLost(envelope)) await publish(envelope);
  };

  const putEntry = async (entry: Members): Promise<Result> => {
    const wrong = mistakeOf(entry);
    if (wrong !== null) return wrong;
    const id = newId();
    const time = entry.Time === undefined ? now() : timeOf(entry.Time);
    const envelope = envelopeOf({ account, region, id, time }, entry.Source, {
      detailType: entry.DetailType,
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail) as object,
    });
    return publish(envelope).then(
      () => ({ EventId: id }),
      (error: unknown) => ({ ErrorCode: 'InternalFailure', ErrorMessage: String(error) }),
    );
  };

  const putEvents = async (input: Members): Promise<object> => {
    checkRequest(input);
    const results: Result[] = [];
    for (const entry of input.Entries as Members[]) results.push(await putEntry(entry)); // in the order given
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };

  const listRules = ({ NamePrefix: prefix = '' }: Members): object => ({
    Rules: rules
      .filter(({ name }) => name.startsWith(String(prefix)))
      .map(({ name, pattern }) => ({ Name: name, State: 'ENABLED', EventPattern: JSON.stringify(pattern) })),
  });

  return { operations: { PutEvents: putEvents, ListRules: listRules }, deliver };
};

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

type Envelope = ReturnType<typeof envelopeOf>;

const envelopeOf = (
  { account, region, id, time }: { account: string; region: string; id: string; time: Date },
  source: string,
  { detailType, resources, detail }: { detailType: string; resources: string[]; detail: object },
) => ({
  version: '0',
  id,
  'detail-type': detailType,
  source,
  account,
  time: time.toISOString().replace(/\.\d{3}Z$/, 'Z'),
  region,
  resources,
  detail,
});

const checkRequest = ({ Entries: entries }: Members): void => {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries)
    throw validation(
      `Entries must have 1 to ${maxEntries} entries, found ${Array.isArray(entries) ? entries.length : 'none'}`,
    );
  if (!entries.every((entry) => typeof entry === 'object' && entry !== null && !Array.isArray(entry)))
    throw validation('each of Entries must be a structure');
  const bytes = entries.reduce((sum: number, entry: Members) => sum + sizeOf(entry), 0);
  if (bytes >= maxBytes) throw validation(`Total size of the entries in the request is over the limit: ${bytes} bytes`);
};

const validation = (message: string): AwsError => new AwsError('ValidationException', message);

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
const sizeOf = (entry: Members): number => {
  const resources: unknown[] = Array.isArray(entry.Resources) ? entry.Resources : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources].filter((text) => typeof text === 'string');
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), entry.Time === undefined ? 0 : 14);
};

const mistakeOf = (entry: Members): Result | null => {
  for (const name of ['Source', 'DetailType', 'Detail'])
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  if (!isStringList(entry.Resources ?? []))
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: 'Parameter Resources is not valid. Reason: it is not a list of strings.',
    };
  if (Number.isNaN(timeOf(entry.Time ?? 0).getTime()))
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Time is not valid.' };
  return isJsonObject(entry.Detail) ? null : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
};

const isStringList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** The wire's seconds since the epoch; some clients write a date. */
const timeOf = (time: unknown): Date => new Date(typeof time === 'number' ? time * 1000 : String(time));

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};
