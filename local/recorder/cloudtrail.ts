import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { World } from '../world.ts';
import type { Book } from './book.ts';

/** A record as CloudTrail keeps it (CloudTrail User Guide, "CloudTrail record contents"), as far as one is made here. */
type CallRecord = { eventID: string; eventName: string; eventSource: string; eventTime: string; readOnly: boolean };

/** Where calls are noted, as CloudTrail does by itself. */
export type CallBook = {
  /** notes a call that went well, of now; in the transaction of what it did */
  note: (service: string, call: string, parameters: object, answer: object) => void;
};

export const openCallBook = ({ book, world }: { book: Book; world: World }): CallBook => ({
  note: (service, eventName, requestParameters, responseElements) => {
    const eventID = world.newId();
    book.put('call', eventID, {
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDALOCAL',
        arn: `arn:aws:iam::${world.account}:user/local`,
        accountId: world.account,
        userName: 'local',
      },
      eventTime: world
        .now()
        .toISOString()
        .replace(/\.\d{3}Z$/, 'Z'),
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: world.region,
      sourceIPAddress: '127.0.0.1',
      requestParameters,
      responseElements,
      eventID,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: world.account,
      eventCategory: 'Management',
    });
  },
});

/**
 * What CloudTrail answers of the calls that stand in the book: those that set up a stack. It keeps them and sends no event
 * of them, as where there is no trail.
 */
export const cloudTrailOperations = ({ book, world }: { book: Book; world: World }): Operations => ({
  LookupEvents: (input) => lookUp(book.all<CallRecord>('call'), input, world.now().getTime()),
});

const keptMs = 90 * 24 * 3_600_000;

/** Newest first, at most fifty, by at most one attribute (CloudTrail API Reference, LookupEvents). */
const lookUp = (records: CallRecord[], input: Members, now: number): object => {
  const { MaxResults = 50 } = input;
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50)
    throw new AwsError('InvalidMaxResultsException', 'MaxResults must be from 1 to 50');
  const { from, until } = rangeIn(input, now);
  const isAsked = attributeIn(input);
  const found = records
    .filter((one) => Date.parse(one.eventTime) >= from && Date.parse(one.eventTime) <= until && isAsked(one))
    .toReversed();
  const start = startOf(input.NextToken);
  const end = start + MaxResults;
  return {
    Events: found.slice(start, end).map(eventView),
    ...(end < found.length && { NextToken: Buffer.from(`calls ${end}`).toString('base64url') }),
  };
};

const rangeIn = ({ StartTime, EndTime }: Members, now: number): { from: number; until: number } => {
  const [from, until] = [Number(StartTime ?? 0) * 1_000, Number(EndTime ?? now / 1_000) * 1_000];
  if (from > until) throw new AwsError('InvalidTimeRangeException', 'the start is after the end');
  return { from: Math.max(from, now - keptMs), until };
};

const attributes: { [key: string]: (record: CallRecord) => string } = {
  EventId: ({ eventID }) => eventID,
  EventName: ({ eventName }) => eventName,
  EventSource: ({ eventSource }) => eventSource,
  ReadOnly: ({ readOnly }) => String(readOnly),
};

const attributeIn = ({ LookupAttributes = [] }: Members): ((record: CallRecord) => boolean) => {
  const [attribute, ...more] = LookupAttributes as { AttributeKey: string; AttributeValue: string }[];
  if (attribute === undefined) return () => true;
  const of = Object.hasOwn(attributes, attribute.AttributeKey) ? attributes[attribute.AttributeKey] : undefined;
  if (more.length > 0 || of === undefined)
    throw new AwsError('InvalidLookupAttributesException', 'one attribute of those that are known may be asked for');
  return (record) => of(record) === attribute.AttributeValue;
};

const startOf = (token: unknown): number => {
  if (token === undefined) return 0;
  const start = /^calls (\d{1,9})$/.exec(
    typeof token === 'string' ? Buffer.from(token, 'base64url').toString('utf8') : '',
  )?.[1];
  if (start === undefined) throw new AwsError('InvalidNextTokenException', 'the token is not one that was given out');
  return Number(start);
};

const eventView = (record: CallRecord): object => ({
  EventId: record.eventID,
  EventName: record.eventName,
  ReadOnly: String(record.readOnly),
  EventTime: new Date(record.eventTime),
  EventSource: record.eventSource,
  Username: 'local',
  Resources: [],
  CloudTrailEvent: JSON.stringify(record),
});
