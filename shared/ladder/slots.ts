import { ownDraft } from '../trail/own-draft.ts';
import type { OwnGroup } from '../trail/own-kinds.ts';
import type { Entry, Source } from '../trail/entry.ts';
import type { Intent } from './intents.ts';
import type { LadderState } from './state.ts';

/**
 * Which acts are under way in an account, or on one target: streams of versions of their own (`account/<id>`,
 * `target/<name>`). Of two ladders that want the last slot one has its version recorded, and the other learns of it.
 */
export type Slots = { version: number; held: Holder[] };

/** An act that is to be done, or being done, and the ladder that wants it. */
export type Holder = { ladder: string; actKey: string };

export const noSlots: Slots = { version: 0, held: [] };

/** What must have a slot free before an act: the stream, and how many it has. */
export type Wanted = { of: string; limit: number };

/** The target first: it is the one that others seldom want. */
export const wantedFor = ({ target }: Intent, { account }: Pick<Source, 'account'>, acting: number): Wanted[] => [
  { of: `target/${target}`, limit: 1 },
  { of: `account/${account}`, limit: acting },
];

/** A slot is held while its ladder is at that very act, and no longer: nobody has to give it back. */
export const stillHolds = ({ incident }: Pick<LadderState, 'incident'>, { actKey }: Holder): boolean =>
  incident?.phase.name === 'acting' && incident.phase.intent.actKey === actKey;

/** The group key of a version of slots. */
export const slotsKey = (of: string, version: number): string => `${of}#${version}`;

/**
 * The next version, in which `wish` has a slot; or the ladders that have them all.
 * @param held those of the holders that still hold theirs
 */
export const takeSlot = (
  { version }: Slots,
  held: Holder[],
  wish: Holder,
  { limit }: Wanted,
): { slots: Slots } | { full: string[] } => {
  const others = held.filter(({ actKey }) => actKey !== wish.actKey);
  if (others.length >= limit) return { full: others.map(({ ladder }) => ladder) };
  return { slots: { version: version + 1, held: [...others, wish] } };
};

/** A version of slots as it goes on record. */
export const slotsGroup = (of: string, { version, held }: Slots, wish: Holder, source: Source): OwnGroup => {
  const [environment = null, service = null] = wish.ladder.split('/');
  const detail = { of, version, ...wish, held: held.map((holder) => ({ ...holder })) };
  return {
    key: slotsKey(of, version),
    entries: [
      ownDraft({ kind: 'slot.taken', subject: `escalator:act/${wish.actKey}`, environment, service, source, detail }),
    ],
  };
};

/** Folds a recorded version of slots. */
export const foldSlots = (slots: Slots, [taken]: Pick<Entry, 'detail'>[]): Slots =>
  taken === undefined
    ? slots
    : { version: Number(taken.detail['version']), held: taken.detail['held'] as unknown as Holder[] };
