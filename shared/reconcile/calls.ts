import { isObject, present } from '../event/fields.ts';
import { instant } from '../event/instant.ts';
import { readJson } from '../event/json.ts';
import { isTrailRecord, toldOf } from '../event/trail-record.ts';
import type { Place, Reread } from './reread.ts';

/** How long CloudTrail keeps what can be looked up (ms): ninety days (CloudTrail User Guide, "Event history"). */
export const callsKeptMs = 90 * 24 * 3_600_000;

/** CloudTrail tells of a call about five minutes after it, as a rule, and promises nothing: so long it is left to that (minutes). */
export const callsSettleMinutes = 15;

/**
 * The event that EventBridge sends of a record: what LookupEvents answers as a text is what stands in the event as detail.
 *
 * @param record the JSON of one, `CloudTrailEvent` in the answer
 * @returns null where it is none
 */
export const callEvent = (record: string, place: Place): Reread | null => {
  const read = readJson(record);
  if (!('value' in read) || !isObject(read.value) || !isTrailRecord(read.value)) return null;
  const { detailType, source, account, region, time } = toldOf(read.value);
  return {
    at: instant(time),
    by: 'cloudtrail:LookupEvents',
    event: {
      version: '0',
      'detail-type': detailType,
      source,
      ...place,
      ...present({ account, region, time }),
      resources: [],
      detail: read.value,
    },
  };
};
