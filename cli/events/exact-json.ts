/**
 * JSON to be written again as it was read: a number that a double would change keeps the digits it was written with
 * (ECMAScript's `JSON.rawJSON`). Other values are as `JSON.parse` makes them. Throws SyntaxError as that does.
 */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text, (_name: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && JSON.stringify(value) !== context.source
      ? raw.rawJSON(context.source)
      : value,
  );

/** Whether a value stands for a number as it was written. */
export const isNumberAsWritten = (value: unknown): boolean => raw.isRawJSON(value);

/** Not in TypeScript's library yet. */
const raw = JSON as unknown as { rawJSON: (text: string) => object; isRawJSON: (value: unknown) => boolean };
