import { EscalatorError } from '../errors.ts';

/**
 * What may come of trying again: `retry` - it may go well as it is; `terminal` - it will not, until somebody changes
 * something; `unknown` - nobody foresaw it, most often a fault of ours.
 */
export type FailureClass = 'retry' | 'terminal' | 'unknown';

/** A failure of ours that trying again may mend, such as a table that left something undone. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/** What an error of the AWS SDK says of itself; one that no service answered has neither. */
type Said = Error & {
  code?: unknown;
  $fault?: 'client' | 'server';
  $retryable?: unknown;
  $metadata?: { httpStatusCode?: number };
};

const throttled = /thrott|toomanyrequests|requestlimitexceeded|slowdown|throughputexceeded/i;
/** Node's codes, and the SDK's names, for a call that was not answered. */
const unanswered = /^(ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|TimeoutError|AbortError)$/;

/** Whether a service says that it is asked too often. */
export const isThrottled = ({ name, $metadata }: Said): boolean =>
  $metadata?.httpStatusCode === 429 || throttled.test(name);

/** The class of anything that was thrown. */
export const failureClass = (error: unknown): FailureClass => {
  if (!(error instanceof Error)) return 'unknown';
  const said = error as Said;
  if (error instanceof TryAgain || isThrottled(said) || isUnanswered(said)) return 'retry';
  if (error instanceof EscalatorError) return error.code === 'ESC-000' ? 'unknown' : 'terminal';
  const status = said.$metadata?.httpStatusCode ?? 0;
  if (said.$retryable !== undefined || status >= 500 || status === 408 || said.$fault === 'server') return 'retry';
  if (status >= 400 || said.$fault === 'client' || error instanceof SyntaxError) return 'terminal';
  return 'unknown';
};

/** What services call a request that is wrong in itself: by this, and by no name that permission, absence or a key could have. */
const wrongInItself =
  /^(ValidationException|ValidationError|SerializationException|ItemCollectionSizeLimitExceededException|EntityTooLarge)$/;

/**
 * Whether a failure is the message's own: it fails in the same way whatever somebody mends around it. Of a permission that
 * lacks, a key that is disabled, or a thing that is not there, nobody can say that; nor of a fault of ours.
 */
export const isOfMessage = (error: unknown): boolean => {
  if (failureClass(error) !== 'terminal') return false;
  return error instanceof EscalatorError ? error.code === 'ESC-044' : wrongInItself.test((error as Error).name);
};

const isUnanswered = ({ name, code }: Said): boolean => unanswered.test(name) || unanswered.test(String(code));

/** An error in words for a log. A parser quotes what it could not read, and that is a body: of such an error only the name is said. */
export const inWords = (error: unknown): string => {
  if (error instanceof SyntaxError) return error.name;
  if (error instanceof EscalatorError) return error.toLine();
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
};
