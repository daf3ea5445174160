/** How long something lasts, in a sentence, rounded up: `34 s`, `4 min`; over already is none at all. */
export const lasting = (ms: number): string =>
  ms <= 120_000 ? `${Math.max(0, Math.ceil(ms / 1000))} s` : `${Math.ceil(ms / 60_000)} min`;
