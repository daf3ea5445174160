/** Why a lane is not signed. Each means that somebody, or a fault of ours, changed what must not change. */
export const refusals = {
  'archive-differs': 'the archive does not hold what the last checkpoint was signed over',
  'checkpoint-not-ours': 'the newest checkpoint in the archive is not signed by our key',
  shrank: 'the lane has fewer entries than were signed',
  gap: 'the lane has a gap: a segment or an entry is missing',
  'chain-broken': 'an entry does not name the one before it',
  'roots-differ': 'the root that the writers kept and the root of the entries differ',
} as const;

export type Refusal = keyof typeof refusals;

export class SealRefused extends Error {
  override readonly name = 'SealRefused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, detail: string) {
    super(`${refusals[refusal]}: ${detail}`);
    this.refusal = refusal;
  }
}

/** How the log says that what was sealed was altered; an alarm looks for these words. */
export const alteredMark = 'the trail was altered';
