import type { Removal } from '../removal.ts';

/** How often, and how much of it at once. */
export const ofTheBudget: Removal[] = [
  {
    rail: 'runs-an-hour',
    file: 'shared/ladder/steps.ts',
    find: "{ per: 'an hour', ms: hourInMs, runs: budgets.runsPerHour },",
    put: '',
    test: { file: 'test/shared/ladder/outcome.test.ts', title: 'no more than three runs an hour' },
  },
  {
    rail: 'runs-a-day',
    file: 'shared/ladder/steps.ts',
    find: "{ per: 'a day', ms: 24 * hourInMs, runs: budgets.runsPerDay },",
    put: '',
    test: { file: 'test/shared/ladder/climb.test.ts', title: 'of a day is free again after a day, and not before' },
  },
  {
    rail: 'rollbacks-a-day',
    file: 'shared/ladder/redeploy.ts',
    find: 'return lastDay >= rollbacksPerDay ?',
    put: 'return false ?',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is gone back from once a day by default; the next time a person is called',
    },
  },
  {
    rail: 'rollbacks-an-incident',
    file: 'shared/ladder/redeploy.ts',
    find: "if (openIncident(turn).rolledBack) return 'this incident went back once already';",
    put: '',
    test: {
      file: 'test/shared/ladder/rollbacks.test.ts',
      title: 'happens once in an incident: then a person is called',
    },
  },
  {
    rail: 'acting: on one target',
    file: 'shared/ladder/slots.ts',
    find: '{ of: `target/${target}`, limit: 1 },',
    put: '',
    test: { file: 'test/shared/ladder/slots.test.ts', title: 'two ladders never act on one target at once' },
  },
  {
    rail: 'acting: of this ladder',
    file: 'shared/ladder/acting.ts',
    find: ' || incident.phase.claim !== null || act === null) return turn;',
    put: ' || act === null) return turn;',
    test: {
      file: 'test/shared/ladder/may-act.test.ts',
      title: 'is granted once, and stands in the state of the ladder',
    },
  },
  {
    rail: 'ladders-acting',
    file: 'shared/ladder/slots.ts',
    find: '{ of: `account/${account}`, limit: acting },',
    put: '',
    test: {
      file: 'test/shared/ladder/slots.test.ts',
      title: 'three ladders act at once, the others wait, and all have their turn',
    },
  },
  {
    rail: 'circuit',
    file: 'shared/ladder/circuit.ts',
    find: 'circuit.open\n',
    put: 'false\n',
    test: {
      file: 'test/shared/ladder/circuit.test.ts',
      title: 'opens with the second run in a row that did not converge, and no run is begun then',
    },
  },
  {
    rail: 'attempts',
    file: 'shared/ladder/steps.ts',
    find: 'if (attempt > turn.config.attempts) return',
    put: 'if (false) return',
    test: {
      file: 'test/shared/ladder/outcome.test.ts',
      title: 'gives up after the last attempt and calls a person, once',
    },
  },
  {
    rail: 'restarts',
    file: 'shared/ladder/steps.ts',
    find: ' || incident.retries >= retriesAtMost',
    put: '',
    test: {
      file: 'test/shared/ladder/climb.test.ts',
      title: 'that never began is intended three times more under the same attempt',
    },
  },
];
