import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Instant } from '../../shared/trail/entry.ts';
import type { Pace } from './pace.ts';

/** A call of the past as CloudTrail tells it: `record` is the JSON of its record. */
export type CallRead = { at: Instant; record: string };

/** `isLast` where nothing older is kept. */
export type CallPage = { calls: CallRead[]; isLast: boolean };

/** What CloudTrail keeps of the calls of an account and Region: ninety days, with or without a trail. */
export type CallHistory = {
  /** calls that changed something, of that time and before, newest first, a page at a time */
  until(time: Instant): AsyncGenerator<CallPage>;
};

/** At most so many are answered at once (CloudTrail API Reference, LookupEvents). */
const callsAtOnce = 50;

/** A token goes with its own call only, so that it is not kept: who goes on later, goes on by time. */
export const createCallHistory = (client: CloudTrailClient, pace: Pace): CallHistory => ({
  until: async function* (time) {
    let NextToken: string | undefined;
    do {
      const asked = { EndTime: new Date(time), MaxResults: callsAtOnce, ...(NextToken !== undefined && { NextToken }) };
      const answer = await pace(() => client.send(new LookupEventsCommand({ ...asked, LookupAttributes: changing })));
      NextToken = answer.NextToken;
      yield { calls: (answer.Events ?? []).flatMap(callOf), isLast: NextToken === undefined };
    } while (NextToken !== undefined);
  },
});

/** What only reads is many times as much, and EventBridge does not tell of it either. One attribute may be asked for. */
const changing = [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' }];

const callOf = ({ EventTime, CloudTrailEvent: record }: Event): CallRead[] =>
  EventTime === undefined || record === undefined ? [] : [{ at: EventTime.toISOString(), record }];
