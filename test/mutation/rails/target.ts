import type { Removal } from '../removal.ts';

/** What is read right before an act: whether it may be, and on what. */
export const ofTheTarget: Removal[] = [
  {
    rail: 'kill-switch',
    file: 'shared/ladder/may-act.ts',
    find: 'if (readings.released !== true) return not(readings.released.stopped);',
    put: '',
    test: {
      file: 'test/shared/ladder/refusals-told.test.ts',
      title: 'calls a person, and says which: the kill switch is thrown for redeploy',
    },
  },
  {
    rail: 'kill-switch: cannot be read',
    file: 'shared/ladder/kill-switch.ts',
    find: "if (text === null) return { thrown: 'the kill switch cannot be read' };",
    put: 'if (text === null) return { except: [] };',
    test: {
      file: 'test/shared/ladder/kill-switch.test.ts',
      title: 'that cannot be read stops every act of every ladder',
    },
  },
  {
    rail: 'kill-switch: not understood',
    file: 'shared/ladder/kill-switch.ts',
    find: "if (first !== actingAllowed) return { thrown: 'the kill switch is thrown' };",
    put: '',
    test: { file: 'test/shared/ladder/kill-switch.test.ts', title: 'stops everything that says "stop"' },
  },
  {
    rail: 'kill-switch: read before each act',
    file: 'functions/take-step/take-step.ts',
    find: 'released: stopped === null ? true : { stopped }',
    put: 'released: true',
    test: {
      file: 'test/functions/take-step/take-step.test.ts',
      title: 'is not done, and its claim is not made, when the kill switch is thrown',
    },
  },
  {
    rail: 'fresh-reading',
    file: 'shared/ladder/may-act.ts',
    find: ' || msBetween(readings.readAt, now) > freshForMs',
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the checks were read more than 30 s ago' },
  },
  {
    rail: 'fresh-reading: cannot be read',
    file: 'shared/ladder/may-act.ts',
    find: '!wereRead(readings) || ',
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the checks cannot be read' },
  },
  {
    rail: 'still-failing',
    file: 'shared/ladder/may-act.ts',
    find: "if (!wanted && !anyFails(readings, config, checks)) return wait('no check fails any more');",
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when no check fails any more' },
  },
  {
    rail: 'metric',
    file: 'shared/ladder/acting.ts',
    find: 'return doubt !== null ? handOver(turn, doubt) : claimed(',
    put: 'return claimed(',
    test: {
      file: 'test/shared/ladder/metric.test.ts',
      title: 'is not where it does not, and a person is called with both',
    },
  },
  {
    rail: 'newer-change',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.newer !== null) return',
    put: 'if (false) return',
    test: {
      file: 'test/shared/ladder/may-act.test.ts',
      title: 'waits when a newer change is on its way (execution x-2)',
    },
  },
  {
    rail: 'native-healing',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.healing !== undefined) return wait(traffic.healing);',
    put: '',
    test: {
      file: 'test/shared/ladder/stage-actions.test.ts',
      title: 'waits: somebody rolls back already (execution x-8)',
    },
  },
  {
    rail: 'stage-busy',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.stageBusy !== null) return',
    put: 'if (false) return',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the stage is busy with execution x-2' },
  },
  {
    rail: 'a transition that somebody closed',
    file: 'shared/ladder/actions/pipeline.ts',
    find: "return traffic.closed === undefined ? { may: 'act' } : wait(traffic.closed);",
    put: "return { may: 'act' };",
    test: {
      file: 'test/shared/ladder/stage-actions.test.ts',
      title: 'waits: the way into stage Deploy was closed by Ada: audit',
    },
  },
  {
    rail: 'itself',
    file: 'shared/config/rules-of-itself.ts',
    find: "if (typeof name !== 'string' || !ownName.test(name)) return [];",
    put: 'return [];',
    test: {
      file: 'test/shared/config/itself.test.ts',
      title: 'never acts on itself: its pipeline is refused, escalator-delivery',
    },
  },
  {
    rail: 'empty-target',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: "if (given.length === 0) return not('there is no instance to replace: an empty target is refused');",
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'refuses to replace no instance at all' },
  },
  {
    rail: 'empty-target: by its name',
    file: 'shared/ladder/targets.ts',
    find: '{ refused: `check ${mute.name} fails, and no ${per} is told that does: an empty target is refused` }',
    put: "{ nothing: 'it is not told' }",
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses an empty target: its check fails, and nobody says of what',
    },
  },
  {
    rail: 'targets',
    file: 'shared/ladder/targets.ts',
    find: 'targets.length <= limit ? null',
    put: 'targets.length >= 0 ? null',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses more than its limit, and a person is called' },
  },
  {
    rail: 'targets: by the time of the act',
    file: 'shared/ladder/targets.ts',
    find: 'return now.length > limit ? not(tooMany(now, limit, name)) : null;',
    put: 'return null;',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses more than its limit also where that began after it was intended',
    },
  },
  {
    rail: 'targets: where the limit is another by then',
    file: 'shared/ladder/targets.ts',
    find: 'if (targets !== undefined && targets.length > limit) return not(tooMany(targets, limit, name));',
    put: '',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses more than the limit that the configuration has by then, though a person forced it',
    },
  },
  {
    rail: 'targets: of the whole',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: 'if (limit !== null && given.length > limit)',
    put: 'if (false)',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'acts on all only where no check says by name what fails, and a person who forces it is held to its limit',
    },
  },
  {
    rail: 'what fails no more is not acted on',
    file: 'shared/ladder/targets.ts',
    find: 'if (well.length > 0) return wait(',
    put: 'if (false) return wait(',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'plans anew where what it is meant for fails no more' },
  },
  {
    rail: 'what was meant for all is not done where what fails has a name by then',
    file: 'shared/ladder/targets.ts',
    find: 'if (targets === undefined) return now.length === 0 ? null : wait(',
    put: 'if (targets === undefined) return true ? null : wait(',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'plans anew where it was meant for all, and a check says by then what fails',
    },
  },
  {
    rail: 'what is no name is not handed on',
    file: 'shared/ladder/targets.ts',
    find: 'withinForm(targets, per) ?? ',
    put: '',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses what is no plain name, and a person is called' },
  },
  {
    rail: 'what is not there is not acted on',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: 'if (strange.length > 0)',
    put: 'if (false)',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses what is not in the service it acts on' },
  },
  {
    rail: 'overtaken',
    file: 'shared/ladder/acting.ts',
    find: 'if (late !== null) return wait(turn, late);',
    put: '',
    test: {
      file: 'test/shared/ladder/quarantine.test.ts',
      title: 'is not begun when another release runs here by now',
    },
  },
  {
    rail: 'late-alarm',
    file: 'shared/ladder/decide.ts',
    find: 'if (msBetween(input.at, turn.now) > staleAfterMs) return turn;',
    put: '',
    test: {
      file: 'test/shared/ladder/decide.test.ts',
      title: 'is not opened by an alarm event that is ten minutes old',
    },
  },
];
