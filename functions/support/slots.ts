import {
  foldSlots,
  type Holder,
  noSlots,
  type Slots,
  slotsGroup,
  slotsKey,
  stillHolds,
  takeSlot,
  type Wanted,
} from '../../shared/ladder/slots.ts';
import type { Rows, Trail } from '../../shared/ports.ts';
import type { Source } from '../../shared/trail/entry.ts';
import type { Ladders } from './ladders.ts';
import { raced } from './raced.ts';
import { createStream, type StreamForm } from './streams.ts';

/** Slots for acts under way, as streams of versions on the trail. */
export type SlotStreams = {
  load(of: string): Promise<Slots>;
  /**
   * Takes a slot for an act, unless it has one. Answers the ladders that have them all, or null where it has one now.
   * Throws when others were first too often: the act comes again.
   */
  take(wanted: Wanted, wish: Holder): Promise<string[] | null>;
};

export const createSlots = (
  trail: Trail,
  rows: Rows,
  source: Source,
  { load: loadLadder }: Pick<Ladders, 'load'>,
): SlotStreams => {
  const { load, record } = createStream(trail, rows, slotsForm);
  const take = (wanted: Wanted, wish: Holder): Promise<string[] | null> =>
    raced(`the slots of ${wanted.of} were taken`, async () => {
      const slots = await load(wanted.of);
      if (slots.held.some(({ actKey }) => actKey === wish.actKey)) return null;
      const held: Holder[] = [];
      for (const holder of slots.held) if (stillHolds(await loadLadder(holder.ladder), holder)) held.push(holder);
      const taken = takeSlot(slots, held, wish, wanted);
      if ('full' in taken) return taken.full;
      const isFirst = await record(wanted.of, slotsGroup(wanted.of, taken.slots, wish, source), taken.slots);
      return isFirst ? null : undefined;
    });
  return { load, take };
};

const slotsForm: StreamForm<Slots> = {
  snapshot: (of) => `snapshot:${of}`,
  key: slotsKey,
  initial: noSlots,
  fold: foldSlots,
  form: 1,
};
