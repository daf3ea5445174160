import {
  foldSlots,
  type Holder,
  noSlots,
  type Slots,
  slotsGroup,
  slotsKey,
  stillHolds,
  takeSlot,
} from '../../shared/ladder/slots.ts';
import type { Wanted } from '../../shared/ladder/slots.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import type { Ladders } from './ladders.ts';

/** Slots for acts under way, as streams of versions on the trail. */
export type SlotStreams = {
  load(of: string): Promise<Slots>;
  /**
   * Takes a slot for an act, unless it has one. Answers the ladders that have them all, or null where it has one now.
   * Throws when others were first too often: the act comes again.
   */
  take(wanted: Wanted, wish: Holder): Promise<string[] | null>;
};

/** Whoever loses the race for a version this often gives the act back. */
const triesAtMost = 5;

export const createSlots = (
  trail: Trail,
  rows: Rows,
  source: Source,
  { load: loadLadder }: Pick<Ladders, 'load'>,
): SlotStreams => {
  const load = async (of: string): Promise<Slots> => {
    const [snapshot] = await rows.newest(snapshotOf(of), 1);
    let slots = { ...noSlots, ...(snapshot?.body as Slots | undefined) };
    for (;;) {
      const place = await trail.find(slotsKey(of, slots.version + 1));
      if (place === null) return slots;
      slots = foldSlots(slots, await trail.read(place));
    }
  };
  const record = async (of: string, slots: Slots, wish: Holder): Promise<boolean> => {
    const [recorded] = await trail.append([slotsGroup(of, slots, wish, source)]);
    if (recorded?.status !== 'recorded') return false;
    const body = { ...slots };
    await rows.put([{ question: snapshotOf(of), sort: 'state', segment: 0, body, version: slots.version }]);
    return true;
  };
  const take = async (wanted: Wanted, wish: Holder): Promise<string[] | null> => {
    for (let tries = 0; tries < triesAtMost; tries += 1) {
      const slots = await load(wanted.of);
      if (slots.held.some(({ actKey }) => actKey === wish.actKey)) return null;
      const held: Holder[] = [];
      for (const holder of slots.held) if (stillHolds(await loadLadder(holder.ladder), holder)) held.push(holder);
      const taken = takeSlot(slots, held, wish, wanted);
      if ('full' in taken) return taken.full;
      if (await record(wanted.of, taken.slots, wish)) return null;
    }
    throw new Error(`the slots of ${wanted.of} were taken by others ${triesAtMost} times in a row`);
  };
  return { load, take };
};

/** A snapshot is a cache: without it the versions are followed from the first. */
const snapshotOf = (of: string): string => `snapshot:${of}`;
