import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/ladder/decide.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { withdrawnLadder } from '../../../shared/ladder/withdrawn.ts';
import { broken, claim, healthy, shop, type TestLadder } from '../../harness/ladder.ts';

const now = '2026-11-21T12:30:00.000Z';
const takenOut = (test: TestLadder) =>
  decide(test.state(), { type: 'withdrawn' }, noReadings, now, withdrawnLadder('production/shop'));

describe('a ladder that was taken out of the configuration', () => {
  it('hands its incident over, whatever it was doing, and says who looks after it now', () => {
    const acting = broken();
    acting.timer();
    claim(acting);
    for (const test of [broken(), acting]) {
      const { outcome, events } = takenOut(test);
      expect(outcome).toBe('incident.closed');
      expect(events).toEqual([
        expect.objectContaining({ status: 'handed-over', incident: test.state().incident?.id }),
        expect.objectContaining({ type: 'alert.raised' }),
      ]);
      expect(events.at(-1)).toMatchObject({
        alert: {
          environment: 'production',
          service: 'shop',
          severity: 'page',
          change: null,
          next: 'Escalator does nothing more here until the configuration has it again: look after it',
        },
      });
    }
  });

  it('says nothing where it has none', () => {
    expect(takenOut(healthy())).toEqual({ outcome: 'nothing-new', events: [] });
  });

  it('is not one that the configuration has, whoever says so', () => {
    const { outcome } = decide(broken().state(), { type: 'withdrawn' }, noReadings, now, shop());
    expect(outcome).toBe('nothing-new');
  });

  it('may have been the one that services share', () => {
    expect(withdrawnLadder('production')).toMatchObject({ environment: 'production', service: null, below: [] });
  });
});
