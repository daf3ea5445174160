import { describe, expect, it } from 'vitest';
import { exploreAll } from './everything.ts';
import { kinds } from './inputs.ts';

const isLong = Number(process.env['ESCALATOR_RUNS'] ?? 1) >= 10;
/** Sequences of up to three inputs are a twelfth of those of up to four. */
const depth = isLong ? 4 : 3;

/** Every effect that a process of these functions has. A new one is to be named here, so that one that is lost is missed. */
const boundaries = [
  'react: advance cursor',
  'react: append',
  'react: clear timer',
  'react: count try',
  'react: put rows',
  'react: send acts',
  'react: send alerts',
  'react: send timers',
  'react: set timer',
  'record-change: append',
  'send-alert: append',
  'send-alert: count publish',
  'send-alert: publish',
  'take-command: append',
  'take-step: RetryStageExecutionCommand',
  'take-step: RollbackStageCommand',
  'take-step: SetInstanceHealthCommand',
  'take-step: StartPipelineExecutionCommand',
  'take-step: StopPipelineExecutionCommand',
  'take-step: append',
  'take-step: put rows',
];
const timesAtLeast = isLong ? 100 : 30;

describe(`every sequence of up to ${depth} inputs of twelve kinds, with a process that ends after every effect`, () => {
  it(
    'holds every invariant after every input, and comes to an end',
    async () => {
      expect(kinds).toHaveLength(12);
      const { failures, crashed, sequences } = await exploreAll(depth);
      expect(failures.slice(0, 5)).toEqual([]);
      expect(Object.keys(crashed).toSorted()).toEqual(boundaries);
      expect(Object.entries(crashed).filter(([, times]) => times < timesAtLeast)).toEqual([]);
      expect(sequences).toBeGreaterThan(3 * 6 ** depth);
    },
    isLong ? 900_000 : 300_000,
  );
});
