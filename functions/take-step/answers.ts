import type { ActResult } from '../../shared/ladder/input.ts';
import { isThrottled } from '../../shared/watch/failure.ts';

export const result = (
  outcome: ActResult['outcome'],
  reason: string,
  more: Partial<Pick<ActResult, 'execution' | 'instances' | 'operation'>> = {},
): ActResult => ({ outcome, reason, execution: null, instances: [], ...more });

/** What the SDK throws when a service answered; one that did not answer throws something else. */
type ServiceError = Error & { $metadata?: { httpStatusCode?: number } };

/**
 * What a refusal means for an act. A service that answers with a client error has done nothing: that is sure. One that
 * is too busy now, or has something else under way, is asked again later; every other refusal ends the step.
 *
 * @param busy names of the exceptions that say so much as "not now"
 * @throws the error itself where nothing is sure: it may have had its effect, and is read back
 */
export const refused = (error: unknown, busy: string[] = []): ActResult => {
  if (!(error instanceof Error)) throw error;
  const { name, message, $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode ?? 0;
  if (status < 400 || status > 499 || status === 408) throw error;
  const isLater = busy.includes(name) || isThrottled(error);
  return result(isLater ? 'deferred' : 'failed', `${name}: ${message}`);
};
