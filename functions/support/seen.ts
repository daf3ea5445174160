import { withoutSecrets } from '../../shared/event/redact.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Instant } from '../../shared/trail/entry.ts';
import type { TargetReading } from '../../shared/ladder/intents.ts';

const missing = /NotFound|DoesNotExist|^ValidationError$/;

/**
 * What was seen of a target; `nothing` where its service says for sure that it is not there, null where nothing could
 * be seen at all.
 */
export const seen = async (read: () => Promise<TargetReading>): Promise<TargetReading | null> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error) || !missing.test(error.name)) return null;
    return { of: 'nothing', reason: withoutSecrets(`${error.name}: ${error.message}`) };
  }
};

/** When something began; what does not say so began after everything else: it is doubted, and left alone. */
export const sinceOf = (began: Date | undefined): Instant => began?.toISOString() ?? '9999-12-31T23:59:59.999Z';

/** How an act stands by the id its service gave it; null where there is none, or it cannot be seen. */
export const seenOf = async (
  operation: string | undefined,
  read: (operation: string) => Promise<OutcomeReading>,
): Promise<OutcomeReading | null> => {
  if (operation === undefined) return null;
  try {
    return await read(operation);
  } catch {
    return null;
  }
};
