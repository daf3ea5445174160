/** In place of a second way to read dates: the SDK has one that reads the same for its older formats. */
export {
  _parseEpochTimestamp as parseEpochTimestamp,
  _parseRfc3339DateTimeWithOffset as parseRfc3339DateTime,
  _parseRfc3339DateTimeWithOffset as parseRfc3339DateTimeWithOffset,
  _parseRfc7231DateTime as parseRfc7231DateTime,
} from '@smithy/core/serde';

/** `Sat, 21 Nov 2026 20:00:00 GMT`, as RFC 9110 wants it and ECMAScript writes it. */
export const dateToUtcString = (date: Date): string => date.toUTCString();
