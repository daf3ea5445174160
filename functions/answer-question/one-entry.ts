import { EscalatorError } from '../../shared/errors.ts';
import type { SegmentEntries, Trail } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';

/** 2 to the power of this is more segments than a lane's numbers have digits for. */
const halvingsAtMost = 40;

/**
 * The entry at a place of the lane. Each segment holds the seqs after those of the one before, so halving finds it:
 * one read for each doubling of the trail.
 *
 * @param seq as written in an address
 * @throws EscalatorError ESC-012 where that is no number, ESC-011 where the lane is not that long
 */
export const entryAt = async (trail: Pick<Trail, 'latest' | 'open'>, seq: string): Promise<Entry> => {
  const wanted = /^\d{1,15}$/.test(seq) ? Number(seq) : null;
  if (wanted === null)
    throw new EscalatorError('ESC-012', `${JSON.stringify(seq)} is no place of the trail`, 'give a number from 0 on');
  const [newest] = await trail.latest(Number.MAX_SAFE_INTEGER, 1);
  const found = newest === undefined ? null : await within(trail, newest, wanted);
  if (found === null) throw new EscalatorError('ESC-011', `the trail has no entry ${wanted}`, lengthOf(newest));
  return found;
};

const lengthOf = (newest: SegmentEntries | undefined): string =>
  newest === undefined ? 'it is empty yet' : `its newest is ${newest.entries.at(-1)?.seq}`;

const within = async (trail: Pick<Trail, 'open'>, newest: SegmentEntries, wanted: number): Promise<Entry | null> => {
  let [low, high] = [0, newest.segment];
  for (let halvings = 0; low <= high && halvings < halvingsAtMost; halvings += 1) {
    const middle = Math.floor((low + high) / 2);
    const [opened] = middle === newest.segment ? [newest] : await trail.open([middle]);
    const first = opened?.entries[0]?.seq ?? 0;
    const last = opened?.entries.at(-1)?.seq ?? -1;
    if (wanted < first) high = middle - 1;
    else if (wanted > last) low = middle + 1;
    else return opened?.entries.find((entry) => entry.seq === wanted) ?? null;
  }
  return null;
};
