import { describe, expect, it } from 'vitest';
import type { LadderConfig } from '../../../shared/config/config.ts';
import type { Decision } from '../../../shared/ladder/decide.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { foldVersion, versionGroup } from '../../../shared/ladder/record.ts';
import type { LadderState } from '../../../shared/ladder/state.ts';
import { broken, healthy, shop, type TestLadder } from '../../harness/ladder.ts';
import { network } from '../../harness/town.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const on = { input: { type: 'read' }, readings: noReadings, now: '2026-11-21T12:00:00.000Z', config: 'd' } as const;
const recorded = (state: LadderState, events: Decision['events'], config: LadderConfig = shop()) =>
  versionGroup(config, state, on, { outcome: 'o', events }, source).entries;
/** The last decision of a ladder, as it goes on record. */
const last = (test: TestLadder) => {
  const version = test.versions.at(-1);
  return recorded(version?.before ?? test.state(), version?.decision.events ?? []);
};

describe('a version on record', () => {
  it('belongs to the incident that is open, or that it opens; to none where there is none', () => {
    const test = broken();
    const { id } = test.state().incident!;
    expect(last(test).map(({ detail }) => detail['incident'])).toEqual(last(test).map(() => id));
    test.timer();
    expect(last(test)[0]?.detail['incident']).toBe(id);
    expect(last(healthy())[0]?.detail['incident']).toBeNull();
  });

  it('is found by the change, the execution and the release that it is about', () => {
    const test = healthy();
    const about = last(test).map(({ kind, release }) => [kind, release]);
    expect(about).toContainEqual(['release.good', 'production/shop@x-good']);
    test.deliver('bad');
    expect(last(test).find(({ kind }) => kind === 'release.reached')).toMatchObject({
      change: { repository: 'shop', commit: 'bad' },
      execution: 'x-bad',
      release: 'production/shop@x-bad',
    });
    test.alarm('smoke', 'fail');
    expect(last(test).find(({ kind }) => kind === 'alert.raised')?.change).toEqual({
      repository: 'shop',
      commit: 'bad',
    });
    test.timer();
    expect(last(test).find(({ kind }) => kind === 'step.intended')).toMatchObject({
      change: { repository: 'shop', commit: 'bad' },
      release: 'production/shop@x-bad',
    });
  });

  it('is about no change where it names none, and about none of a repository where it is of an environment', () => {
    const decided = last(broken())[0];
    expect(decided).toMatchObject({ kind: 'ladder.decided', change: null, execution: null, release: null });
    const who = { type: 'unknown' } as const;
    const lifted = { commit: 'c1', order: 1, who, why: 'x', was: '', goneBackFrom: false };
    const [, entry] = recorded(healthy().state(), [{ type: 'quarantine.lifted', ...lifted }], network([]));
    expect(entry?.change).toEqual({ repository: null, commit: 'c1' });
  });

  it('takes a list that stands where a release would for none', () => {
    const forged = { type: 'release.good', release: [{ commit: 'c1' }] } as never;
    expect(recorded(healthy().state(), [forged])[1]).toMatchObject({ change: null, release: null });
  });

  it('of which nothing is there changes nothing', () => {
    const { state } = broken();
    expect(foldVersion(state(), [])).toEqual(state());
  });
});
