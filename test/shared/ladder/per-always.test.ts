import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/ladder/decide.ts';
import type { Intent } from '../../../shared/ladder/intents.ts';
import { fleet, nodeLevel, nodes, take, told, well } from '../../harness/fleet.ts';
import { level, type TestLadder, wide } from '../../harness/ladder.ts';

const all = ['i-1', 'i-2', 'i-3', 'i-4'];
const limit = 2;
const { budgets } = wide;

/** What can happen to a fleet, with what fails of it by what is read meanwhile. */
const happenings: { [name: string]: (test: TestLadder, failing: string[]) => unknown } = {
  'a series changes': told,
  'a series changes, unread': (test) =>
    test.take({ type: 'series', seq: test.nextSeq(), alarm: 'shop-nodes' }, { alarms: null }),
  'the checks are read': (test, failing) => test.take({ type: 'read' }, nodes(test, failing)),
  'the timer fires': (test, failing) => test.timer(nodes(test, failing)),
  'the timer fires, and nobody says of what': (test) => test.timer(nodes(test, [], { value: 'fail' })),
  'the step is done': (test, failing) =>
    test.timer({ ...nodes(test, failing), outcome: { status: 'done', reason: 'x', became: ['i-9'] } }),
  'the act is asked for': (test, failing) => take(test, failing, all),
  'the act is asked for, of fewer': (test, failing) => take(test, failing, all.slice(1)),
  'it is begun': (test) => test.result({ outcome: 'started' }),
  'it never began': (test) => test.result({ outcome: 'not-started' }),
  'ten minutes pass': (test) => test.forward(600_000),
};
const some = fc.array(fc.tuple(fc.constantFrom(...Object.keys(happenings)), fc.subarray(all)), { maxLength: 40 });
/** Something fails to begin with, and its quiescence is over: else few stories come to an act. */
const begins = ['a series changes', 'the timer fires', 'the act is asked for'];
const story = fc
  .tuple(fc.subarray(all), fc.integer({ min: 0, max: 3 }), some)
  .map(([failing, first, then]): [string, string[]][] => [
    ...begins.slice(0, first).map((name): [string, string[]] => [name, failing]),
    ...then,
  ]);
const run = (happened: [string, string[]][]): TestLadder => {
  const reboot = { document: 'reboot', role: null, parameters: {}, failing: { parameter: 'Ids', per: 'InstanceId' } };
  const levels = [
    nodeLevel({ limit }),
    level('reboot', { do: { type: 'run-automation', ...reboot }, limit }),
    level('deploy'),
  ];
  const test = well(fleet(levels, { budgets }));
  for (const [name, failing] of happened) happenings[name]?.(test, failing);
  return test;
};
const runs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 500;

describe('whatever fails of a fleet', () => {
  it('an act is for something, for no more than its limit, and for what fails by the very reading it is claimed on', () => {
    let claimed = 0;
    fc.assert(
      fc.property(story, (happened) => {
        for (const { on, before, decision } of run(happened).versions) {
          for (const event of decision.events)
            if (event.type === 'step.intended') expect(boundOf(event.intent)).toBe(true);
          const phase = before.incident?.phase;
          if (decision.outcome !== 'step.claimed' || phase?.name !== 'acting' || before.incident?.step !== 0) continue;
          const failing = on.readings.act?.alarms?.['shop-nodes']?.failing?.['InstanceId'];
          if (phase.intent.action === 'replace-instances') claimed += 1;
          expect(failing).toEqual(expect.arrayContaining(phase.intent.targets ?? ['none']));
        }
      }),
      { numRuns: runs },
    );
    expect(claimed).toBeGreaterThan(10);
  });

  it('deciding again on what a version recorded gives the same bytes', () => {
    fc.assert(
      fc.property(story, (happened) => {
        const test = run(happened);
        for (const { on, before, decision } of test.versions)
          expect(JSON.stringify(decide(before, on.input, on.readings, on.now, test.config))).toBe(
            JSON.stringify(decision),
          );
      }),
      { numRuns: runs },
    );
  });
});

const boundOf = ({ action, targets }: Intent): boolean =>
  action === 'redeploy' || (targets !== undefined && targets.length > 0 && targets.length <= limit);
