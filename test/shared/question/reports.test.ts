import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import { versionGroup } from '../../../shared/ladder/record.ts';
import type { EntryItem } from '../../../shared/question/answers.ts';
import { type LadderReport, reportOf } from '../../../shared/question/reports.ts';
import type { Actor, Draft } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { healthy, level, shop, verifyAll, wide, type TestLadder } from '../../harness/ladder.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const itemOf = (draft: Draft, seq: number): EntryItem =>
  ({ ...draft, seq, observedAt: draft.occurredAt ?? '', says: `${draft.kind} ${seq}` }) as unknown as EntryItem;

/** What a ladder decided, as it stands on the trail. */
const entriesOf = (test: TestLadder): EntryItem[] =>
  test.versions
    .flatMap(({ before, on, decision }) => versionGroup(test.config, before, on, decision, source).entries)
    .map(itemOf);
const period = { since: '2026-11-21T00:00:00.000Z', until: '2026-11-22T00:00:00.000Z', complete: true };
const reported = (test: TestLadder, entries = entriesOf(test)): LadderReport => reportOf(test.config, entries, period);
const minute = 60_000;
const ada: Actor = { type: 'person', id: 'ada', name: 'Ada', verified: true };

const observing = (over: Partial<ServiceConfig> = {}): TestLadder =>
  healthy(
    shop({
      ...wide,
      levels: [
        level('node', { do: { type: 'replace-instances', group: 'shop-asg' }, mode: 'observe' }),
        level('deploy', { mode: 'observe' }),
      ],
      ...over,
    }),
  );

describe('a report of a ladder', () => {
  it('that only observes says what it would have done, what people did instead, and how long that took', () => {
    const test = observing();
    test.alarm('node', 'fail');
    test.timer();
    test.forward(4 * minute);
    const at = test.now();
    test.take({
      type: 'written',
      seq: test.nextSeq(),
      who: ada,
      call: 'TerminateInstance',
      target: 'arn:x:y:::asg',
      at,
    });
    test.forward(6 * minute);
    test.alarm('node', 'pass');
    test.read();
    test.forward(1);
    test.take({
      type: 'written',
      seq: test.nextSeq(),
      who: ada,
      call: 'Later',
      target: 'arn:x:y:::asg',
      at: test.now(),
    });
    const { incidents, ...sum } = reported(test);
    expect(sum).toMatchObject({ runs: 0, ended: { observed: 1, converged: 0, open: 0 } });
    expect(sum.byPeople).toEqual({ count: 1, median: 10.5 * minute, longest: 10.5 * minute });
    expect(incidents).toMatchObject([
      {
        status: 'observed',
        failing: ['node'],
        acted: false,
        plan: [
          { level: 'node', does: 'replace-instances shop-asg' },
          { level: 'deploy', does: 'redeploy shop/Deploy' },
        ],
        people: [{ at, by: 'Ada' }],
        recoveredAfter: 10.5 * minute,
      },
    ]);
  });

  it('that acts counts its runs, and how long they took', () => {
    const test = healthy(wide);
    test.alarm('smoke', 'fail');
    test.timer();
    test.carryOut('r-1');
    test.alarm('smoke', 'pass');
    verifyAll(test);
    const report = reported(test);
    expect(report).toMatchObject({ runs: 1, converged: 1, ended: { converged: 1 } });
    expect(report.byItself.median).toBe(report.incidents[0]?.recoveredAfter);
    expect(report.byPeople).toEqual({ count: 0, median: null, longest: null });
    expect(report.incidents[0]).toMatchObject({ acted: true, people: [] });
  });

  it('counts a release that somebody else put there as theirs, and one that it put there itself not', () => {
    const test = healthy(wide);
    test.alarm('smoke', 'fail');
    test.timer();
    test.result({ outcome: 'unknown', reason: 'no answer' });
    test.forward(minute);
    test.deliver('fix');
    test.alarm('smoke', 'pass');
    const { incidents, runs, converged, byPeople } = reported(test);
    expect({ runs, converged }).toEqual({ runs: 1, converged: 0 });
    expect(byPeople.count).toBe(1);
    expect(incidents[0]).toMatchObject({
      status: 'handed-over',
      people: [{ by: 'Ada' }],
      recoveredAfter: 1.5 * minute,
    });
  });

  it('counts a person’s word to it, and whoever is known to have said it', () => {
    const test = observing();
    test.alarm('node', 'fail');
    const order = itemOf(
      draftOf({
        kind: 'order.given',
        actor: { type: 'role-session', id: 'x', role: 'Dev', session: 'ben' },
        subject: 'escalator:ladder/production/shop',
        occurredAt: test.now(),
        source,
      }),
      9_999,
    );
    expect(reported(test, [...entriesOf(test), order]).incidents[0]?.people).toMatchObject([{ by: 'ben', seq: 9_999 }]);
  });

  it('says of an incident that is not over that it is open', () => {
    const test = observing();
    test.alarm('node', 'fail');
    const { ended, incidents, byPeople } = reported(test);
    expect(ended.open).toBe(1);
    expect(byPeople.count).toBe(0);
    expect(incidents[0]).toMatchObject({ closedAt: null, recoveredAt: null, recoveredAfter: null, plan: [] });
  });

  it('waits for every check that failed, and for one that fails again', () => {
    const test = observing();
    test.alarm('node', 'fail');
    test.alarm('smoke', 'fail');
    test.timer();
    test.alarm('node', 'pass');
    test.forward(minute);
    test.alarm('node', 'fail');
    test.alarm('smoke', 'pass');
    expect(reported(test).incidents[0]).toMatchObject({ failing: ['node', 'smoke'], recoveredAt: null });
    test.forward(minute);
    test.alarm('node', 'pass');
    expect(reported(test).incidents[0]?.recoveredAt).toBe(test.now());
  });

  it('tells incidents newest first, takes each for itself, and nothing of another ladder or another source', () => {
    const test = observing();
    for (let time = 0; time < 3; time += 1) {
      test.alarm('smoke', 'fail');
      test.timer();
      test.forward((time + 1) * minute);
      test.alarm('smoke', 'pass');
      test.read();
    }
    const entries = entriesOf(test);
    const report = reported(test, entries.toReversed());
    expect(report.incidents.map(({ recoveredAfter }) => recoveredAfter)).toEqual(
      [3.5, 2.5, 1.5].map((n) => n * minute),
    );
    expect(report.byPeople).toEqual({ count: 3, median: 2.5 * minute, longest: 3.5 * minute });
    const others = [
      ...entries.map((entry) => ({ ...entry, subject: 'escalator:ladder/production/cart' })),
      ...entries.map((entry) => ({ ...entry, source: { ...source, name: 'my.app' } })),
    ];
    expect(reported(test, others)).toMatchObject({ incidents: [], runs: 0 });
  });
});
