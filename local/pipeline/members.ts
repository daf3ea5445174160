import { AwsError, type Members } from '../endpoint/operations.ts';

const pipelineName = /^[A-Za-z0-9.@\-_]{1,100}$/;

/** A required text member. @throws AwsError ValidationException */
export const text = (input: Members, member: string, pattern = pipelineName): string => {
  const value: unknown = input[member];
  if (typeof value === 'string' && pattern.test(value)) return value;
  const found = value === undefined ? 'null' : JSON.stringify(value).slice(0, 200);
  const wanted =
    value === undefined
      ? 'Member must not be null'
      : `Member must satisfy regular expression pattern: ${pattern.source}`;
  throw invalid(`Value ${found} at '${member}' failed to satisfy constraint: ${wanted}`);
};

export const executionId = (input: Members, member = 'pipelineExecutionId'): string =>
  text(input, member, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** `maxResults`, from 1 to 100, which is also the default. */
export const limit = (input: Members): number => {
  const value: unknown = input.maxResults ?? 100;
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 100) return Number(value);
  throw invalid(
    `Value ${JSON.stringify(value)} at 'maxResults' failed to satisfy constraint: Member must be from 1 to 100`,
  );
};

export const invalid = (message: string): AwsError =>
  new AwsError('ValidationException', `1 validation error detected: ${message}`);

/** The place to go on from: a number that only we give out. Without a token the newest. */
export const pageStart = (input: Members): number => {
  if (input.nextToken === undefined || input.nextToken === null) return Number.MAX_SAFE_INTEGER;
  const token = Buffer.from(String(input.nextToken), 'base64url').toString('utf8');
  if (/^before:\d{1,15}$/.test(token)) return Number(token.slice('before:'.length));
  throw new AwsError('InvalidNextTokenException', 'the nextToken is not one that was given out here');
};

/** A token when the page is full: more may follow. */
export const nextToken = (page: { number: number }[], size: number): { nextToken?: string } => {
  const last = page.at(-1);
  return page.length < size || last === undefined
    ? {}
    : { nextToken: Buffer.from(`before:${last.number}`).toString('base64url') };
};
