/** A mutant that no test can notice, because the program does the same with it; named by its line's own text. */
export type Equivalent = { file: string; text: string; change: string; why: string };

const guard = (file: string, text: string, why: string): Equivalent => ({
  file,
  text,
  change: `guard deleted: ${text} -> nothing`,
  why,
});

export const equivalents: Equivalent[] = [
  guard(
    'shared/ladder/acting.ts',
    "if (phase.name !== 'acting') return turn;",
    'only asked in that phase: the guard tells the type, not the world',
  ),
  guard(
    'shared/ladder/steps.ts',
    "if (phase.name !== 'asking') return turn;",
    'only asked in that phase: the guard tells the type, not the world',
  ),
  guard(
    'shared/ladder/steps.ts',
    "if (incident.phase.name !== 'acting') return turn;",
    'every caller has seen that a step is under way',
  ),
  guard(
    'shared/ladder/verifying.ts',
    "if (incident.phase.name !== 'verifying') return turn;",
    'only asked in that phase: the guard tells the type, not the world',
  ),
  guard(
    'shared/ladder/intend.ts',
    "if (chosen !== null && 'refused' in chosen) return chosen;",
    'without it the refusal is spread into what is returned, and is found there all the same',
  ),
  guard(
    'shared/ladder/intend.ts',
    "if (back !== null && 'refused' in back) return back;",
    'without it the refusal is spread into what is returned, and is found there all the same',
  ),
  {
    file: 'shared/ladder/steps.ts',
    text: 'incident?.approvals.filter((approval) => approval.level === level).length ?? 0;',
    change: 'literal: 0 -> 1',
    why: 'approvals are only counted where an incident is open',
  },
  guard(
    'functions/take-step/take-step.ts',
    "if (decision.events.length === 0) return 'refused';",
    'an intent that is wanted and not claimed always gets an answer',
  ),
  {
    file: 'functions/take-step/take-step.ts',
    text: "if (decision.events.length === 0) return 'refused';",
    change: "refusal dropped: 'refused' -> null",
    why: 'an intent that is wanted and not claimed always gets an answer',
  },
  {
    file: 'functions/take-step/take-step.ts',
    text: "if (!(await ports.ladders.record(service, state, on, decision))) return 'overtaken';",
    change: "refusal dropped: 'overtaken' -> null",
    why: 'what is neither granted nor refused is asked again, by whatever name',
  },
  {
    file: 'functions/take-step/executions.ts',
    text: '(execution) => (execution.startTime?.getTime() ?? 0) >= since && isOurs(execution),',
    change: 'literal: 0 -> 1',
    why: 'no act was claimed in the first moment of all times',
  },
  {
    file: 'functions/take-step/answers.ts',
    text: 'const status = $metadata?.httpStatusCode ?? 0;',
    change: 'literal: 0 -> 1',
    why: 'neither is a status that a service answers with',
  },
  {
    file: 'shared/ladder/state.ts',
    text: 'seen: -1,',
    change: 'literal: 1 -> 2',
    why: 'a seq is never negative',
  },
  guard(
    'shared/ladder/calling.ts',
    'if (turn.config.service !== null) return turn;',
    'only asked of an environment: the guard tells the type, not the world',
  ),
  {
    file: 'shared/ladder/gameday.ts',
    text: 'if (incident === null || timer === null) return null;',
    change: 'operator: || -> &&',
    why: 'an open incident always has a timer, and none is left where it is closed',
  },
  {
    file: 'shared/ladder/gameday.ts',
    text: 'const seq = state.seen + 1;',
    change: 'literal: 1 -> 2',
    why: 'any later seq is one that was not taken in yet',
  },
  {
    file: 'shared/ladder/gameday.ts',
    text: "const who = { type: 'person' as const, id: `game day ${moves}`, name: 'somebody who may', verified: true };",
    change: 'literal: true -> false',
    why: 'who is played is never on record',
  },
  {
    file: 'shared/ladder/gameday.ts',
    text: '...noReadings,',
    change: 'spread dropped: ...noReadings, -> nothing',
    why: 'what it holds besides is asked for by no move of the story',
  },
  {
    file: 'shared/ladder/gameday.ts',
    text: 'return { rollback: true, target: execution, commit };',
    change: 'literal: true -> false',
    why: 'whether what a step puts there was built anew counts only after the story',
  },
  guard(
    'shared/ladder/incident.ts',
    "if (phase.name !== 'calling') return incident;",
    'only said in that phase: the guard tells the type, not the world',
  ),
  {
    file: 'shared/ladder/gameday.ts',
    text: 'const version = scene.state.version + 1;',
    change: 'literal: 1 -> 2',
    why: 'in the story only that a version is another one counts',
  },
  guard(
    'shared/ladder/inputs-of.ts',
    'if (told.length === 0) return addressed;',
    'where nothing is told of checks the rest adds nothing: the guard spares it, entry by entry',
  ),
  guard(
    'shared/ladder/inputs-of.ts',
    'if (said.length === 0) return said;',
    'nothing is left of nothing, wherever it happened: the guard spares asking where, entry by entry',
  ),
  guard(
    'shared/ladder/inputs-of.ts',
    "if (input.type !== 'stage') return [];",
    'only asked of that input: the guard tells the type, not the world',
  ),
  guard(
    'shared/ladder/inputs-of.ts',
    "if (typeof alarm !== 'string') return [];",
    'no check names an alarm by what is no text',
  ),
  {
    file: 'shared/ladder/inputs-of.ts',
    text: 'at === null || at > observedAt ? observedAt : at;',
    change: 'operator: > -> >=',
    why: 'of two equal moments either may be told',
  },
  {
    file: 'shared/ladder/past.ts',
    text: 'from: from > span.from ? from : span.from,',
    change: 'operator: > -> >=',
    why: 'of two equal moments either is the later one',
  },
  {
    file: 'shared/ladder/past.ts',
    text: 'until: until < span.until ? until : span.until,',
    change: 'operator: < -> <=',
    why: 'of two equal moments either is the earlier one',
  },
  {
    file: 'shared/ladder/past.ts',
    text: '.map((span) => ({ ...span, from: span.from > reachedAt ? span.from : reachedAt }))',
    change: 'operator: > -> >=',
    why: 'of two equal moments either is the later one',
  },
  {
    file: 'shared/ladder/releases.ts',
    text: 'return passing > current.reachedAt ? passing : current.reachedAt;',
    change: 'operator: > -> >=',
    why: 'of two equal moments either is the later one',
  },
  guard(
    'shared/ladder/quarantine.ts',
    "if ('refused' in found) return turn;",
    'an order that is refused for it is not carried out: the guard tells the type, not the world',
  ),
  {
    file: 'shared/ladder/state.ts',
    text: 'above: { version: 0, by: null, call: null },',
    change: 'literal: 0 -> 1',
    why: 'the first version of a ladder is 1: an older one says nothing',
  },
  guard(
    'shared/ladder/while-calling.ts',
    "if (phase.name !== 'calling' || read.config.service !== null) return read;",
    'only asked in that phase, which only an environment has: the guard tells the type, not the world',
  ),
  {
    file: 'shared/ladder/while-calling.ts',
    text: "if (phase.name !== 'calling' || read.config.service !== null) return read;",
    change: 'operator: || -> &&',
    why: 'neither is ever so: the guard tells the type, not the world',
  },
  {
    file: 'shared/ladder/targets.ts',
    text: 'levels.find(({ level }) => level === name)?.limit ?? 1;',
    change: 'literal: 1 -> 2',
    why: 'a level that is not there any more was withdrawn before this is asked',
  },
  {
    file: 'shared/ladder/withdrawn.ts',
    text: 'const none = 0;',
    change: 'literal: 0 -> 1',
    why: 'nothing of it is asked of a ladder that does nothing but hand over',
  },
  {
    file: 'shared/ladder/record.ts',
    text: "typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;",
    change: 'operator: && -> ||',
    why: 'what is no object has none of the fields that are looked for in it',
  },
];
