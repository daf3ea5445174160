import { alarmsOf } from '../../shared/config/checks.ts';
import type { Config, LadderConfig, ServiceConfig } from '../../shared/config/config.ts';
import { decide } from '../../shared/ladder/decide.ts';
import { type Input, needsOf, type Readings } from '../../shared/ladder/input.ts';
import { judgedIn, type Recovered } from '../../shared/ladder/recovered.ts';
import type { LadderReads } from '../../shared/ladder/reads.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Ladders } from '../support/ladders.ts';
import { readAbove, readAccount, readBelow } from '../support/neighbours.ts';
import { raced } from '../support/raced.ts';
import { readChecksOf } from '../support/read-checks.ts';

export type Advancing = { ladders: Ladders; reads: LadderReads; now: Clock; config: Config; configDigest: string };

/**
 * Lets a ladder take in one input: load, read what the decision needs, decide, record. Returns the outcome's name.
 * Throws when the world could not be read or written, or every race was lost: the input comes again.
 */
export const advance = (everywhere: Advancing, service: LadderConfig, input: Input): Promise<string> =>
  raced(`${service.ladder} was decided`, async () => {
    const ports = { ...everywhere, reads: everywhere.reads.of?.(service) ?? everywhere.reads };
    const state = await ports.ladders.load(service.ladder);
    const readings = await gather(ports, service, state, input);
    const now = ports.now().toISOString();
    const decision = decide(state, input, readings, now, service);
    if (decision.events.length === 0) return decision.outcome;
    const on = { input, readings, now, config: ports.configDigest };
    return (await ports.ladders.record(service, state, on, decision)) ? decision.outcome : undefined;
  });

const gather = async (
  { reads, ladders, config, now }: Advancing,
  service: LadderConfig,
  state: LadderState,
  input: Input,
): Promise<Readings> => {
  const need = needsOf(state, input);
  return {
    ...(need.alarms ? await readChecksOf(reads, service) : { alarms: null }),
    sourced:
      need.sourced && input.type === 'sourced' && service.service !== null
        ? await reads.sourced(service.repository, input.commit, refusedCommits(state))
        : null,
    execution:
      need.execution && input.type === 'stage' && service.service !== null
        ? await reads.execution(service.pipeline, input.execution)
        : null,
    outcome: need.outcome && state.incident?.phase.name === 'acting' ? await reads.outcome(state.incident.phase) : null,
    act: null,
    ...(need.above ? await readAbove(ladders, config, service) : {}),
    ...(need.account ? await readAccount(ladders, config) : {}),
    ...(need.past && input.type === 'recovered' && service.service !== null
      ? await gatherMissed({ reads, now }, service, state, input)
      : {}),
    ...(need.below ? await readBelow(ladders, service, input.type === 'below' ? [input.ladder] : null) : {}),
  };
};

/** What a release that was found late brings, and how the alarms stood in its time. */
const gatherMissed = async (
  { reads, now }: Pick<Advancing, 'reads' | 'now'>,
  service: ServiceConfig,
  state: LadderState,
  input: Recovered,
): Promise<Pick<Readings, 'execution' | 'sourced' | 'past'>> => {
  const execution = await reads.execution(service.pipeline, input.execution);
  if (execution === null || execution.commit === null) return { execution, sourced: null };
  const span = judgedIn(state, service, input, now().toISOString());
  return {
    execution,
    sourced: await reads.sourced(service.repository, execution.commit, refusedCommits(state)),
    past: span === null ? null : await reads.past(alarmsOf(service), span),
  };
};

const refusedCommits = (state: LadderState): string[] => state.quarantines.map(({ commit }) => commit);
