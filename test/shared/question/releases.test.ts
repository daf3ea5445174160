import { describe, expect, it } from 'vitest';
import { reasonsAgainst, rootOf, running } from '../../../shared/ladder/releases.ts';
import type { KeptRelease } from '../../../shared/ladder/state.ts';
import { evolveReleases, noReleases, releaseAnswers } from '../../../shared/question/releases.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { broken, healthy, type TestLadder, verifyAll, wide } from '../../harness/ladder.ts';

/** The list of releases, made of what the ladder said, each at the time it said it. */
const viewOf = (test: TestLadder) =>
  test.versions
    .flatMap(({ on, decision }) => decision.events.map((event) => ({ event, now: on.now })))
    .map(
      ({ event: { type, ...detail }, now }, seq) => ({ seq, kind: type, detail, occurredAt: now }) as unknown as Entry,
    )
    .reduce(evolveReleases, noReleases);

describe('the list of releases', () => {
  it('goes by what the ladder itself goes by, whatever happened', () => {
    const test = broken(healthy(wide));
    const same = (): void => {
      const state = test.state();
      const suspect = rootOf(state, running(state) as KeptRelease);
      const answers = releaseAnswers(viewOf(test), test.now());
      expect(answers.map(({ id, whyNot }) => [id, whyNot])).toEqual(
        state.releases.map((one) => [one.id, reasonsAgainst(state, one, suspect, test.now())]),
      );
      expect(answers.filter((one) => one.running).map(({ id }) => id)).toEqual([state.releases[0]?.id]);
    };
    same();
    test.timer();
    test.carryOut('r-1');
    same();
    verifyAll(test);
    test.carryOut('r-2');
    same();
    expect(releaseAnswers(viewOf(test), test.now()).find(({ commit }) => commit === 'bad')?.whyNot).toContainEqual(
      expect.stringContaining('quarantined: check smoke passed before'),
    );
    test.forward(31 * 86_400_000);
    same();
  });

  it('marks as last good what runs, once it is good itself', () => {
    const test = healthy();
    const [answer] = releaseAnswers(viewOf(test), test.now());
    expect(answer).toMatchObject({ lastGood: true, running: true, whyNot: ['it is what runs here'] });
  });
});
