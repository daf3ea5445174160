import { EscalatorError } from '../../shared/errors.ts';
import type { SegmentEntries } from '../../shared/ports.ts';
import { blockLength, blocks } from '../../shared/question/rows.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { pad } from '../../shared/trail/keys.ts';
import type { QuestionPorts } from './entries.ts';

/** 2 to the power of this is more segments than a lane's numbers have digits for. */
const halvingsAtMost = 40;

/**
 * The entry at a place of the lane. The index says in which few segments to look, and halving finds it there: as many
 * reads in a long trail as in a short one. Where the index does not reach, or is not there, what is left is halved.
 *
 * @param seq as written in an address
 * @throws EscalatorError ESC-012 where that is no number, ESC-011 where the lane is not that long
 */
export const entryAt = async (ports: QuestionPorts, seq: string): Promise<Entry> => {
  const wanted = /^\d{1,12}$/.test(seq) ? Number(seq) : null;
  if (wanted === null)
    throw new EscalatorError('ESC-012', `${JSON.stringify(seq)} is no place of the trail`, 'give a number from 0 on');
  const [block] = await ports.rows.newest(blocks, 1, pad(wanted + 1));
  const end = block === undefined ? 0 : block.segment + blockLength;
  const found = block === undefined ? null : await within(ports, block.segment, end - 1, wanted);
  return found ?? beyond(ports, end, wanted);
};

/** Looks for it from a segment on to the newest: what was recorded a moment ago is not in the index yet. */
const beyond = async (ports: QuestionPorts, from: number, wanted: number): Promise<Entry> => {
  const [newest] = await ports.trail.latest(Number.MAX_SAFE_INTEGER, 1);
  const found = newest === undefined ? null : await within(ports, from, newest.segment, wanted);
  if (found === null) throw new EscalatorError('ESC-011', `the trail has no entry ${wanted}`, lengthOf(newest));
  return found;
};

const lengthOf = (newest: SegmentEntries | undefined): string =>
  newest === undefined ? 'it is empty yet' : `its newest is ${newest.entries.at(-1)?.seq}`;

/** Halves the segments in which it can be: each holds the seqs after those of the one before. */
const within = async ({ trail }: QuestionPorts, from: number, to: number, wanted: number): Promise<Entry | null> => {
  let [low, high] = [from, to];
  for (let halvings = 0; low <= high && halvings < halvingsAtMost; halvings += 1) {
    const middle = Math.floor((low + high) / 2);
    const [opened] = await trail.open([middle]);
    const found = opened?.entries.find(({ seq }) => seq === wanted);
    if (found !== undefined) return found;
    // A segment that is not there is after the newest.
    if (opened === undefined || wanted < (opened.entries[0]?.seq ?? 0)) high = middle - 1;
    else low = middle + 1;
  }
  return null;
};
