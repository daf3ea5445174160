import { describe, expect, it } from 'vitest';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import { evolveIncident, type IncidentView } from '../../../shared/question/incidents.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { broken, claim, healthy, shop, type TestLadder } from '../../harness/ladder.ts';

/** What a list of incidents shows of the steps that these decisions took. */
const stepsOf = (said: readonly LadderEvent[]): [string, string | null][] => {
  const entryOf = ({ type, ...fields }: LadderEvent, seq: number) =>
    ({
      seq,
      kind: type,
      occurredAt: '2026-11-21T12:00:00.000Z',
      detail: { version: 1, ...fields },
    }) as unknown as Entry;
  const view = said.map(entryOf).reduce<IncidentView | null>(evolveIncident, null);
  return (view?.steps ?? []).map(({ outcome, reason }) => [outcome, reason]);
};

const saidBy = (test: TestLadder): LadderEvent[] => test.versions.flatMap(({ decision }) => decision.events);

/** A redeployment is intended. */
const intended = (): TestLadder => {
  const test = broken(healthy(shop()));
  test.timer();
  return test;
};

describe('the steps of an incident', () => {
  it('are under way from when they are known to have begun', () => {
    const test = intended();
    expect(stepsOf(saidBy(test))).toEqual([['intended', null]]);
    claim(test);
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(stepsOf(saidBy(test))).toEqual([['under-way', null]]);
  });

  it('are not those that had to wait: they are intended anew, and then it is one step', () => {
    const test = intended();
    claim(test, { traffic: { newer: 'x-9', stageBusy: null } });
    expect(stepsOf(saidBy(test))).toEqual([]);
    test.timer();
    expect(stepsOf(saidBy(test))).toEqual([['intended', null]]);
  });

  it('that never began and are begun again are one step', () => {
    const test = intended();
    claim(test);
    test.result({ outcome: 'not-started', reason: 'no execution was started for it' });
    expect(stepsOf(saidBy(test))).toEqual([['intended', null]]);
  });

  it('say that they were not begun, and why, where a person was called instead', () => {
    const test = intended();
    claim(test, { released: false });
    expect(stepsOf(saidBy(test))).toEqual([['not-begun', 'the kill switch is thrown']]);
  });
});
