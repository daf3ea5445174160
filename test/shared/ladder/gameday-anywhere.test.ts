import { expect, it } from 'vitest';
import { type LadderConfig, laddersOf } from '../../../shared/config/config.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { type Input, noReadings } from '../../../shared/ladder/input.ts';
import { type DecidedOn, foldVersion } from '../../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../../shared/ladder/state.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { simulate } from '../../simulation/simulate.ts';

const seeds = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 10;
const who = { type: 'person', id: 'ada', name: 'Ada', verified: true } as const;

/** Everything that may be asked of a ladder. */
const asked = ({ checks }: LadderConfig, seq: number): Input[] =>
  Object.keys(checks).flatMap((check) =>
    ([null, 'ask', 'act'] as const).flatMap((mode) =>
      [null, 1].map((steps): Input => ({ type: 'gameday', seq, check, mode, steps, who, why: 'we practise' })),
    ),
  );

/** Every state that a ladder of a run was in, with its configuration and the time. */
function* statesOf(entries: Entry[], ladder: LadderConfig): Generator<{ state: LadderState; now: string }> {
  let state = initialState;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'ladder.decided' || entry.detail['ladder'] !== ladder.ladder) continue;
    state = foldVersion(state, entries.slice(index, index + entry.part.of));
    yield { state, now: (entry.detail as unknown as DecidedOn).now };
  }
}

/** Whether something fails that no reading of an alarm says otherwise of: that comes before any game. */
const reallyFails = ({ checks }: LadderConfig, state: LadderState): boolean =>
  Object.values(checks).some(
    (check) => !('per' in check) && check.alarm === undefined && state.checks[check.name]?.value === 'fail',
  );

it('a game day comes to an end in every state that a ladder was ever in, and says nothing else', async () => {
  let held = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { entries, configs } = await simulate(seed);
    for (const ladder of configs.slice(0, 1).flatMap(laddersOf))
      for (const { state, now } of statesOf(entries, ladder)) {
        const alarms = Object.fromEntries(
          Object.values(ladder.checks).map(({ alarm = '' }) => [
            alarm,
            { value: 'pass' as const, at: now, reason: '' },
          ]),
        );
        const isHeld = state.incident === null && !reallyFails(ladder, state);
        for (const input of asked(ladder, state.seen + 1)) {
          const { events } = decide(state, input, { ...noReadings, alarms }, now, ladder);
          expect(events.map(({ type }) => type).filter((type) => type !== 'alert.raised')).toEqual([
            isHeld ? 'gameday.held' : 'order.refused',
          ]);
          expect(JSON.stringify(events).length).toBeLessThan(50_000);
          const story = events.find((event) => event.type === 'gameday.held');
          if (story?.end.status === 'open') expect(state.stop).not.toBeNull();
          if (isHeld) held += 1;
        }
      }
  }
  expect(held).toBeGreaterThan(seeds * 50);
}, 120_000);
