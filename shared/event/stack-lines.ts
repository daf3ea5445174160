import type { AwsEvent } from './envelope.ts';

/** The field under which `restate` finds what was read here. */
export const stackLines = 'CloudFormation.lines';

/** What CloudFormation tells in every message about a stack; a text without them is none. */
const needed = ['StackId', 'Timestamp', 'LogicalResourceId', 'ResourceStatus'];

/** A name at the very beginning, or right after the quote that ends the line before. */
const lineStart = /(?:^|'\r?\n)([A-Z][A-Za-z]{2,39})='/g;

/** CloudFormation sends a dozen fields. */
const maxFields = 40;

/**
 * Reads what CloudFormation sends to an SNS topic: lines of `Name='value'`, not JSON. A value may hold quotes and lines
 * of its own, and is not escaped: it ends where a quote, a line's end and the next name follow each other.
 *
 * @returns the fields by their names; null where the text is nothing of the kind, or has a name twice: then a value was
 *   made to look like a line, and nobody can say which of the two is CloudFormation's
 */
export const readStackLines = (text: string): AwsEvent | null => {
  if (!text.startsWith("StackId='")) return null;
  const starts = [...text.matchAll(lineStart)];
  const fields = starts.map((start, index): [string, string] => {
    const end = starts[index + 1]?.index ?? text.trimEnd().length - 1; // its own closing quote
    return [start[1] ?? '', text.slice(start.index + start[0].length, end)];
  });
  const names = new Set(fields.map(([name]) => name));
  const isWhole = text.trimEnd().endsWith("'") && needed.every((name) => names.has(name));
  return !isWhole || names.size < fields.length || names.size > maxFields
    ? null
    : { [stackLines]: Object.fromEntries(fields) };
};
