import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evidence, suspectsOf } from '../../../shared/alert/suspects.ts';
import type { Move } from '../../../shared/question/moves.ts';
import { shop } from '../../harness/ladder.ts';
import { byHand, minuteAt, moveOf } from '../../harness/moves.ts';

const elsewhere = { environment: null, service: null };
const evidence = (moves: Move[], over: Partial<Evidence> = {}): Evidence => ({
  config: shop(),
  began: minuteAt(10),
  moves,
  suspect: null,
  failing: ['smoke'],
  own: [],
  ...over,
});
const named = (moves: Move[], over: Partial<Evidence> = {}): string[] =>
  suspectsOf(evidence(moves, over)).map(({ what }) => what);
const whyOf = (move: Move, over: Partial<Evidence> = {}): string | undefined =>
  suspectsOf(evidence([move], over))[0]?.why;

describe('what changed before a failure', () => {
  it('ranks own releases first, then what was done by hand, then the rest; then neighbours, then the account', () => {
    const ranked = [
      moveOf({ minute: 1, says: 'own release' }),
      byHand({ minute: 2, says: 'own by hand' }),
      moveOf({ minute: 3, how: 'deployed', says: 'own deployment' }),
      byHand({ minute: 4, service: 'till', subject: 'arn:aws:lambda:us-east-1:1:function:till', says: 'near by hand' }),
      moveOf({ minute: 5, service: 'till', release: 'production/till@e-7', says: 'near release' }),
      byHand({ minute: 6, ...elsewhere, subject: 'arn:aws:lambda:us-east-1:1:function:x', says: 'far by hand' }),
      moveOf({ minute: 7, how: 'deployed', kind: 'stack.started', ...elsewhere, says: 'far stack' }),
    ].map((move, seq) => ({ ...move, seq }));
    const all = ranked.map(({ says }) => says);
    expect(named(ranked.toReversed())).toEqual(all.slice(0, 5));
    expect(named(ranked.slice(4).toReversed())).toEqual(all.slice(4));
  });

  it('names the latest first among alike', () => {
    const deployed = [2, 8, 5].map((minute) => moveOf({ minute, seq: minute, how: 'deployed', says: `at ${minute}` }));
    expect(named(deployed)).toEqual(['at 8', 'at 5', 'at 2']);
  });

  it('ranks a release that another one replaced behind what was done by hand', () => {
    const releases = [2, 8].map((minute) => moveOf({ minute, seq: minute, says: `at ${minute}` }));
    expect(named([...releases, byHand({ minute: 5, says: 'by hand' })])).toEqual(['at 8', 'by hand', 'at 2']);
  });

  it.each([
    ['what came after the failure began', moveOf({ minute: 11 })],
    ['what is more than an hour before it', moveOf({ minute: -50 })],
    ['what only failed', moveOf({ minute: 5, how: 'failed', kind: 'action.failed' })],
  ])('does not suspect %s', (_what, move) => expect(named([move])).toEqual([]));

  it('does not suspect what Escalator did in its own roles', () => {
    const role = 'arn:aws:iam::111122223333:role/escalator-acts';
    const own = byHand({ by: { type: 'role-session', id: `${role}/x`, role, session: 'x' } });
    expect(named([own])).toHaveLength(1);
    expect(named([own], { own: [role] })).toEqual([]);
  });

  it('suspects what the ladder suspects, also where its stage ended only after the first check failed', () => {
    const release = moveOf({ minute: 11 });
    const suspect = { id: 'production/shop@e-2', passedBefore: ['smoke'] };
    expect(whyOf(release, { suspect })).toBe(
      'a release went out here, while the first check failed, and smoke passed until then',
    );
  });

  it('tells once what a call and a note of it by the ladder both say, and instances of one scaling', () => {
    const noted = byHand({ minute: 5 });
    const call = byHand({ minute: 5, kind: 'call', says: 'ada called UpdateAutoScalingGroup', ...elsewhere });
    const launched = [6, 7].map((minute) => moveOf({ minute, how: 'scaled', seq: minute, says: `i-${minute}` }));
    expect(named([call, noted, ...launched])).toEqual([noted.says, 'i-7']);
  });

  it.each([
    [moveOf({ minute: 6 }), 'a release went out here, 4 min before the first failure'],
    [byHand({ minute: 9 }), 'something was changed outside the pipeline here, 60 s before the first failure'],
    [
      moveOf({ minute: 6, service: 'till' }),
      'a release went out at its neighbour till, 4 min before the first failure',
    ],
    [
      byHand({ minute: 7, ...elsewhere, subject: 'arn:aws:rds:us-east-1:1:db:main' }),
      'something was changed outside the pipeline elsewhere in the account, 3 min before the first failure',
    ],
  ])('says the reason for the rank: %#', (move, why) => expect(whyOf(move)).toBe(why));

  it('counts what was done to its own target as its own, wherever the call was made', () => {
    expect(whyOf(byHand({ minute: 9, ...elsewhere }))).toContain('outside the pipeline here');
  });

  it('is the same whatever the order in which it is found, and never more than five', () => {
    const some = fc.array(
      fc
        .record({
          minute: fc.integer({ min: -70, max: 20 }),
          how: fc.constantFrom('released' as const, 'by-hand' as const, 'deployed' as const, 'failed' as const),
          service: fc.constantFrom('shop', 'till', null),
        })
        .map((over) => moveOf(over)),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(some, (moves) => {
        const distinct = moves.map((move, seq) => ({
          ...move,
          seq,
          at: `${move.at.slice(0, 17)}${String(seq).padStart(2, '0')}.000Z`,
        }));
        const ranked = suspectsOf(evidence(distinct));
        expect(ranked.length).toBeLessThanOrEqual(5);
        expect(suspectsOf(evidence(distinct.toReversed()))).toEqual(ranked);
      }),
    );
  });
});
