import { short } from '../../story/words.ts';
import type { Instant } from '../../trail/entry.ts';
import { inUtc } from '../../trail/in-utc.ts';
import type { Fact, Where } from './input.ts';
import { type Changes, type News, placeName, type Tracked } from './state.ts';

/** What is news of a change by a fact. What is not whole lacks its reason, which may come a little later. */
export type Said = Pick<News, 'name' | 'key' | 'says' | 'next' | 'where' | 'incident'> & { isWhole: boolean };

/** What else is known: the changes that go the same way, what each service runs, what is blamed, and when it happened. */
export type Around = Pick<Changes, 'changes' | 'running' | 'blamed'> & { at: Instant };

const plainly = { where: null, incident: null, isWhole: true };

/**
 * What a fact is to whoever wrote a change; null where it is no news to them.
 *
 * @param change as it is with the fact
 * @param around the changes that go the same way, and what runs
 */
export const newsOf = (change: Tracked, around: Around, fact: Fact): Said | null => {
  switch (fact.said) {
    case 'pushed':
      return fact.commit === change.commit ? pushed(change) : null;
    case 'sourced':
      return fact.commit === change.commit ? null : passedOver(change, around.changes, fact.commit);
    case 'reached':
      return fact.commit === change.commit ? deployed(fact) : null;
    case 'quarantined':
      if (fact.commit !== change.commit) return null;
      return fact.by === null ? rolledBack(around.running, fact) : quarantined(fact, fact.by);
    case 'handed-over':
      return around.blamed[placeName(fact)]?.commit === change.commit ? handedOver(change, around.blamed, fact) : null;
    case 'warned':
      return fact.commit === change.commit ? warned(fact) : null;
    case 'built':
    case 'waiting':
    case 'ended':
      return change.executions.includes(fact.execution) ? ofExecution(change, around, fact) : null;
    default:
      return null;
  }
};

/** What is said of an end whose reason is not known yet. */
export const unexplained = 'stopped';

const nothing = 'nothing to do';

const pushed = ({ pushed: by, ref, executions }: Tracked): Said | null =>
  executions.length > 0
    ? null // it is told further on already
    : {
        ...plainly,
        name: 'pushed',
        key: 'pushed',
        says: `pushed to ${ref?.replace('refs/heads/', '') ?? 'its branch'} by ${by?.by ?? 'somebody'}`,
        next: 'its pipeline takes it, where that follows the branch',
      };

/** Of pushes in quick succession to one branch the pipeline takes the last: those before never get an execution. */
const passedOver = (change: Tracked, all: Tracked[], by: string): Said | null => {
  const taken = all.find(({ commit }) => commit === by);
  if (change.pushed === null || change.executions.length > 0 || taken?.pushed == null) return null;
  return change.ref === taken.ref && change.pushed.at <= taken.pushed.at ? superseded(short(by)) : null;
};

const superseded = (by: string): Said => ({
  ...plainly,
  name: 'superseded',
  key: 'superseded',
  says: `superseded by ${by}`,
  next: `${nothing}: the newer one goes on`,
});

/** The next newer one that an execution took: in a pipeline one overtakes the one before it. */
const overtakerOf = (change: Tracked, all: Tracked[]): string => {
  const newer = all.slice(
    0,
    all.findIndex(({ commit }) => commit === change.commit),
  );
  return short(newer.findLast(({ executions }) => executions.length > 0)?.commit ?? 'a newer change');
};

type OfExecution = Extract<Fact, { said: 'built' | 'waiting' | 'ended' }>;

const ofExecution = (change: Tracked, { changes: all, at }: Around, fact: OfExecution): Said | null => {
  switch (fact.said) {
    case 'built':
      return { ...plainly, name: 'built', key: 'built', says: 'built', next: 'it goes on through its pipeline' };
    case 'waiting': {
      const { stage, action, execution } = fact;
      const says = `waits since ${inUtc(at)} for whoever may approve ${action} in stage ${stage}`;
      const next = 'it goes on once it is approved, and stops if that is refused or does not come in time';
      return { ...plainly, name: 'waiting', key: `waiting/${execution}/${stage}/${action}`, says, next };
    }
    case 'ended':
      return fact.outcome === 'superseded' ? superseded(overtakerOf(change, all)) : stopped(change, fact);
  }
};

const stopped = (change: Tracked, { execution, attempt, outcome, reason }: Extract<Fact, { said: 'ended' }>): Said => {
  const why = outcome === 'failed' ? (change.failure ?? reason) : (reason ?? `somebody ${outcome} it`);
  return {
    ...plainly,
    name: 'stopped',
    key: `stopped/${execution}/${attempt}`,
    says: why === null ? unexplained : `${unexplained}: ${why}`,
    next: 'it goes no further by itself: push what mends it, or have the stage retried',
    isWhole: why !== null,
  };
};

const placeOf = ({ service, environment }: Where): string => `${service} in ${environment}`;

const whereOf = ({ environment, service }: Where): Where => ({ environment, service });

/** What the ladder puts there again is no news of the change that it brings. */
const deployed = (fact: Extract<Fact, { said: 'reached' }>): Said | null =>
  fact.byRollback
    ? null
    : {
        ...plainly,
        name: 'deployed',
        key: `deployed/${placeName(fact)}`,
        says: `deployed: ${placeOf(fact)}`,
        next: nothing,
        where: whereOf(fact),
      };

const refusedThere = 'it is refused there until somebody releases it: push what mends it';

/** The ladder quarantines what it went back from, once that is done. */
const rolledBack = (running: Around['running'], fact: Extract<Fact, { said: 'quarantined' }>): Said => {
  const now = running[placeName(fact)];
  const again = now === undefined || now === fact.commit ? '' : ` to ${short(now)}`;
  return {
    ...plainly,
    name: 'rolled-back',
    key: `rolled-back/${placeName(fact)}/${fact.incident ?? ''}`,
    says: `rolled back${again}, ${placeOf(fact)}: ${fact.why}`,
    next: refusedThere,
    where: whereOf(fact),
    incident: fact.incident,
  };
};

/** Nothing more is done about what it is the suspect of. Whoever heard that it was rolled back for that knows enough. */
const handedOver = (
  { known }: Tracked,
  blamed: Around['blamed'],
  fact: Extract<Fact, { said: 'handed-over' }>,
): Said | null =>
  blamed[placeName(fact)]?.incident !== fact.incident ||
  known.includes(`rolled-back/${placeName(fact)}/${fact.incident}`)
    ? null
    : {
        ...plainly,
        name: 'stopped',
        key: `handed-over/${fact.incident}`,
        says: `stopped: ${placeOf(fact)} fails, it is the suspect, and a person is called: ${fact.why}`,
        next: 'look at it with whoever was called: nothing more is done by itself',
        where: whereOf(fact),
        incident: fact.incident,
      };

const quarantined = (fact: Extract<Fact, { said: 'quarantined' }>, by: string): Said => ({
  ...plainly,
  name: 'stopped',
  key: `quarantined/${placeName(fact)}`,
  says: `stopped, ${by} quarantined it for ${placeOf(fact)}: ${fact.why}`,
  next: refusedThere,
  where: whereOf(fact),
});

const warned = (fact: Extract<Fact, { said: 'warned' }>): Said => ({
  ...plainly,
  name: 'warned',
  key: `warned/${placeName(fact)}/${fact.contains}`,
  says: `contains ${short(fact.contains)}, which is quarantined for ${placeOf(fact)}`,
  next: fact.advice === '' ? 'take that commit out' : `take that commit out, such as by ${fact.advice}`,
  where: whereOf(fact),
});
