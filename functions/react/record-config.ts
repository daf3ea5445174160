import type { Config } from '../../shared/config/config.ts';
import { configGroup } from '../../shared/config/on-record.ts';
import type { Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';

/**
 * Puts the configuration on record before the lane is followed by it, once: one that stood already is not news. Throws
 * when it could not be: the wake-up comes again.
 */
export const recordConfig = (
  { trail, source }: { trail: Pick<Trail, 'append'>; source: Source },
  config: Pick<Config, 'digest' | 'text'>,
): (() => Promise<void>) => {
  let done = false;
  return async () => {
    if (done) return;
    await trail.append([configGroup(config, source)]);
    done = true;
  };
};
