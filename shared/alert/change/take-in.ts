import { cut } from '../../event/fields.ts';
import type { Instant } from '../../trail/entry.ts';
import { after } from '../../trail/time.ts';
import type { ChangeInput, Fact } from './input.ts';
import { type Around, newsOf, type Said, unexplained } from './news-of.ts';
import { bounded, type Changes, changesAtMost, newTracked, placeName, type Tracked } from './state.ts';

/** Of a failure the reason may come a little after its end (ms). */
const reasonWithin = 10_000;

/** Takes an input in: what is there to be told by it, and nothing of when. Unchanged where it is about no change known. */
export const takeIn = (state: Changes, input: ChangeInput, now: Instant): Changes => {
  if (input.type === 'timer') return state;
  const { fact, seq, at, late } = input;
  const known = withChange(state.changes, fact);
  const { running, blamed } = state;
  const changes = known.map((change) =>
    taken(change, { changes: known, running, blamed, at }, { fact, at, late, now }),
  );
  const isNew = changes.length !== state.changes.length || changes.some((one, index) => one !== state.changes[index]);
  const next = runningNow(state, fact);
  const suspect = blamedNow(state, fact);
  return isNew || next !== running || suspect !== blamed
    ? { ...state, seen: seq, changes: changes.slice(0, changesAtMost), running: next, blamed: suspect }
    : state;
};

/** What is blamed is known by the execution that brought it, or else runs there. */
const blamedNow = ({ blamed, running, changes }: Changes, fact: Fact): Changes['blamed'] => {
  if (fact.said !== 'suspected') return blamed;
  const place = placeName(fact);
  const commit = changes.find(({ executions }) => executions.includes(fact.execution))?.commit ?? running[place];
  return commit === undefined ? blamed : { ...blamed, [place]: { incident: fact.incident, commit } };
};

/** A service of which something is known to run there. */
const runningNow = ({ running }: Changes, fact: Fact): Changes['running'] => {
  if (fact.said !== 'reached') return running;
  const place = placeName(fact);
  return running[place] === fact.commit ? running : { ...running, [place]: fact.commit };
};

/** A push, a merge, or an execution that takes a commit begins a change. */
const withChange = (changes: Tracked[], fact: Fact): Tracked[] => {
  if (fact.said !== 'pushed' && fact.said !== 'sourced' && fact.said !== 'pull') return changes;
  const begun = fact.said === 'pull' ? fact.merged : fact.commit;
  if (begun === null || changes.some(({ commit }) => commit === begun)) return changes;
  return [newTracked(begun, fact.repository), ...changes];
};

type Taking = { fact: Fact; at: Instant; late: boolean; now: Instant };

const taken = (before: Tracked, all: Around, { fact, at, late, now }: Taking): Tracked => {
  const change = learned(before, fact, at);
  const found = newsOf(change, all, fact);
  if (found === null || change.known.includes(found.key)) return change;
  const said = { ...found, says: cut(found.says, longest) };
  const ready = said.isWhole ? now : after(now, reasonWithin);
  return bounded({
    ...change,
    known: [...change.known, said.key],
    log: [...change.log, { at, says: said.says }],
    news: late ? change.news : [...change.news, { ...newsWith(said), at, ready, to: { topic: true, comment: true } }],
  });
};

const newsWith = ({ isWhole: _, ...said }: Said) => said;

/** Of one sentence. */
const longest = 400;

/** What becomes known of a change by a fact, told or not. */
const learned = (change: Tracked, fact: Fact, at: Instant): Tracked => {
  const isIt = 'commit' in fact && fact.commit === change.commit;
  const runs = 'execution' in fact && change.executions.includes(fact.execution);
  switch (fact.said) {
    case 'pushed':
      if (!isIt || change.pushed !== null) return change;
      return { ...change, ref: fact.ref, parent: change.parent ?? fact.old, pushed: { by: fact.by, at } };
    case 'described':
      return isIt ? describedBy(change, fact) : change;
    case 'pull':
      return [fact.source, fact.merged].includes(change.commit) ? { ...change, pull: fact.pull } : change;
    case 'sourced':
      return !isIt || runs ? change : { ...change, executions: [...change.executions, fact.execution] };
    case 'failing':
      return runs ? withReason(change, fact.why) : change;
    default:
      return change;
  }
};

const describedBy = (change: Tracked, { author, subject, parent }: Extract<Fact, { said: 'described' }>): Tracked => ({
  ...change,
  author,
  subject,
  parent: parent ?? change.parent,
});

/** Why it failed may be told after it did: it is then waited for no more. */
const withReason = (change: Tracked, failure: string): Tracked => ({
  ...change,
  failure,
  news: change.news.map((news) =>
    news.says === unexplained ? { ...news, ...explained(failure), ready: news.at } : news,
  ),
  log: change.log.map((line) => (line.says === unexplained ? { ...line, ...explained(failure) } : line)),
});

const explained = (failure: string) => ({ says: `${unexplained}: ${failure}` });
