import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/ladder/decide.ts';
import { foldVersion, versionGroup } from '../../../shared/ladder/record.ts';
import { healthy, intends, shop, type TestLadder } from '../../harness/ladder.ts';

/** What can happen to a ladder, each as something done to the test ladder. */
const happenings: { [name: string]: (test: TestLadder, n: number) => unknown } = {
  'smoke fails': (test) => test.alarm('smoke', 'fail'),
  'smoke passes': (test) => test.alarm('smoke', 'pass'),
  'node fails': (test) => test.alarm('node', 'fail'),
  'node passes': (test) => test.alarm('node', 'pass'),
  'smoke is unknown': (test) => test.alarm('smoke', 'unknown'),
  'the timer fires': (test) => test.timer(),
  'the timer fires, blind': (test) => test.timer({ alarms: null }),
  'the checks are read': (test) => test.read(),
  'a release goes out': (test, n) => test.deliver(`c${n}`),
  'a step is carried out': (test, n) => test.carryOut(`r-${n}`),
  'a step never began': (test) => test.result({ outcome: 'not-started' }),
  'a step must wait': (test) => test.result({ outcome: 'deferred' }),
  'a step fails': (test) => test.result({ outcome: 'failed' }),
  'a game day is held': (test) =>
    test.take(
      {
        type: 'gameday',
        seq: test.nextSeq(),
        check: 'smoke',
        mode: null,
        steps: 1,
        who: { type: 'unknown' },
        why: 'x',
      },
      { alarms: test.alarms() },
    ),
  'ten minutes pass': (test) => test.forward(600_000),
};

const story = fc.array(fc.constantFrom(...Object.keys(happenings)), { minLength: 1, maxLength: 40 });
const told = (names: string[]): TestLadder => {
  const test = healthy(shop({ budgets: { runsPerHour: 99, runsPerDay: 99, rollbacksPerDay: 99, failedRuns: 99 } }));
  names.forEach((name, n) => happenings[name]?.(test, n));
  return test;
};
const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 500;

describe('whatever happens to a ladder', () => {
  it('deciding again on what a version recorded gives the same bytes', () => {
    fc.assert(
      fc.property(story, (names) => {
        const test = told(names);
        for (const { on, before, decision } of test.versions) {
          const again = decide(before, on.input, on.readings, on.now, test.config);
          expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
        }
      }),
      { numRuns: runs },
    );
  });

  it('its state is what its versions say, also when they went over the wire', () => {
    fc.assert(
      fc.property(story, (names) => {
        const test = told(names);
        const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
        for (const { on, before, decision } of test.versions) {
          const { entries } = versionGroup(test.config, before, on, decision, source);
          const wired = JSON.parse(JSON.stringify(entries)) as typeof entries;
          expect(foldVersion(before, wired)).toEqual(foldVersion(before, entries));
          expect(entries.length).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: runs },
    );
  });

  it('it acts only when quiescence is over, one step at a time, and tells people of every end', () => {
    fc.assert(
      fc.property(story, (names) => {
        for (const { on, before, decision } of told(names).versions) {
          if (intends(decision.events) !== null) {
            const phase = before.incident?.phase;
            const again = on.input.type === 'result' && phase?.name === 'acting';
            const ended = decision.events.some(({ type }) => type === 'step.ended');
            expect(phase?.name !== 'acting' || again || ended).toBe(true);
            if (phase?.name === 'quiescing' || phase?.name === 'quiet') expect(on.now >= phase.until).toBe(true);
          }
          if (decision.events.some(({ type }) => type === 'incident.closed'))
            expect(decision.events.some(({ type }) => type === 'alert.raised')).toBe(true);
        }
      }),
      { numRuns: runs },
    );
  });
});
