import { type Config, defaultAccount, type LadderConfig } from '../config/config.ts';
import { adoption } from './adopted.ts';
import { accountReading, together, togetherFrom } from './cause.ts';
import { openRail, type Rail } from './rail.ts';
import type { LadderState } from './state.ts';

/** Ladders and how they stand: all of the account. */
export type Standing = { config: LadderConfig; state: LadderState };

/** The guard rails that hold across all ladders of the account, and what the ladder of the environment says to this one. */
export const accountRails = (all: Standing[], config: Pick<Config, 'services' | 'account'>, one: Standing): Rail[] => [
  actingRail(all, config),
  causeRail(all, config, one),
  adoptedRail(one),
];

const counted = { ...openRail, unit: 'times' } as const;

const actingRail = (all: Standing[], { account = defaultAccount }: Pick<Config, 'account'>): Rail => {
  const acting = all.filter(
    ({ state: { incident } }) => incident?.phase.name === 'acting' && incident.phase.claim !== null,
  );
  const [used, limit] = [acting.length, account.acting];
  const is = 'ladders that act in the account at once: one more waits';
  const about = used === 0 ? null : acting.map((standing) => standing.config.ladder).join(', ');
  return { ...counted, name: 'ladders-acting', is, about, limit, used, closed: used >= limit };
};

/** As many services of the account as began to fail together, of those that this ladder does not answer for. */
const causeRail = (all: Standing[], config: Pick<Config, 'services' | 'account'>, { config: own }: Standing): Rail => {
  const services = all.flatMap(({ config: of, state }) => (of.service === null ? [] : [{ config: of, state }]));
  const reading = accountReading(config, services);
  const others = reading.failing.filter(({ ladder }) => own.service !== null || !own.below.includes(ladder));
  const used = Math.max(0, ...together(others, reading.within).map(({ ladders }) => ladders.length));
  const limit = togetherFrom(reading);
  const is = 'services that may begin to fail together: of so many no single ladder owns the cause, and none acts';
  return { ...counted, name: 'shared-cause', is, limit, used, closed: used >= limit };
};

/** What it stands on is brought back first; the environment's ladder lets it go, or calls. */
const adoptedRail = ({ state }: Standing): Rail => {
  const is = 'nothing is begun while the ladder of the environment owns the cause';
  const about = adoption({ state });
  return { ...openRail, name: 'environment', is, unit: null, limit: null, used: null, about, closed: about !== null };
};
