import type { Instant } from '../trail/entry.ts';
import { msBetween } from '../trail/time.ts';
import { accountGroup } from './inputs-of.ts';
import type { GroupState } from './group.ts';

/** As long as ladders wait for a cause that is nobody's. */
const causeLasts = 3_600_000;

/**
 * What explains that a service fails, and is told of by itself: an open incident of the levels its environment shares,
 * or a cause that it has in common with other services. Null where nothing does.
 *
 * @param above the group of its environment; null where that shares no levels
 */
export const inhibitorOf = (said: {
  ladder: string;
  above: GroupState | null;
  account: GroupState;
  now: Instant;
}): string | null => {
  const { ladder, above, account, now } = said;
  if (above !== null && above.open.some(({ says }) => says === 'open')) return ladder.split('/')[0] ?? null;
  const { newest, told } = account;
  const isCause = newest?.id.startsWith('cause/') === true && newest.failing.includes(ladder);
  return isCause && told !== null && msBetween(told.at, now) < causeLasts ? accountGroup : null;
};
