import type { LadderEvent } from './events.ts';
import type { KeptRelease, LadderState } from './state.ts';

type Reached = Extract<LadderEvent, { type: 'release.reached' }>;

/** As many releases as a ladder remembers. */
export const releasesKept = 20;

/** The releases of a ladder, newest first, after one more came: to the others, or to its place among them. */
export const reached = (
  { releases, quarantines }: Pick<LadderState, 'releases' | 'quarantines'>,
  { release, recovered }: Reached,
): KeptRelease[] => {
  const quarantined = quarantines.find(({ commit }) => commit === release.commit)?.reason ?? null;
  const good = recovered?.goodSince != null;
  const place = recovered === undefined ? 0 : placeOf(releases, release.reachedAt);
  const [replaced, ...older] = releases.slice(place);
  const newer = releases.slice(0, place);
  return [
    ...newer,
    { ...release, good, quarantined, replacedAt: newer.at(-1)?.reachedAt ?? null },
    ...(replaced === undefined ? [] : [{ ...replaced, replacedAt: release.reachedAt }]),
    ...older,
  ].slice(0, releasesKept);
};

/** Behind all that came after it. */
const placeOf = (releases: KeptRelease[], reachedAt: string): number => {
  const place = releases.findIndex((release) => release.reachedAt <= reachedAt);
  return place === -1 ? releases.length : place;
};
