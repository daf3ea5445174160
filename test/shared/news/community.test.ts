import { describe, expect, it } from 'vitest';
import { newsGroup, newsNotice } from '../../../shared/news/notice.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { entryOf, newsItem, rulesOf } from '../../harness/news.ts';
import { locate, fixture } from '../event/harness.ts';

const commit = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';
const release = { commit, author: 'Ada', subject: 'Answer 500', byRollback: false };
const said = (kind: string, detail: Draft['detail'], reason: string | null = null): Partial<Draft> => ({
  kind,
  source: { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
  actor: { type: 'service', name: 'escalator' },
  environment: 'production',
  service: 'shop',
  change: { repository: 'shop', commit },
  detail,
  reason,
});

const told = (over: Partial<Draft>): string[] => {
  const entry = entryOf(over);
  return rulesOf(entry, [newsItem({ name: 'community' })]).map(
    (rule) => `${newsGroup(rule, entry)} ${newsNotice(rule, entry).alert.headline}`,
  );
};
const ofTheChange = `news:community/change/production/${commit}`;

describe('the community hears of a change in an environment', () => {
  it('that it waits for an approval', () => {
    expect(told(fixture('codepipeline/notified-approval-needed.json', { locate }))).toEqual([
      'news:community/waiting/production/6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d shop in production: a change waits for approval Ask',
    ]);
  });

  it('that it is deployed, and by whom it is', () => {
    expect(told(said('release.reached', { release, incident: null }))).toEqual([
      `${ofTheChange} shop in production: 9f8e7d6 "Answer 500" by Ada is deployed`,
    ]);
  });

  it('that it is taken back, and why, as part of the same', () => {
    expect(told(said('release.quarantined', { commit }, 'check smoke still fails after a redeploy'))).toEqual([
      `${ofTheChange} shop in production: 9f8e7d6 is taken back: check smoke still fails after a redeploy`,
    ]);
  });

  it('that somebody rolled back to it', () => {
    const back = { ...release, byRollback: true };
    expect(told(said('release.reached', { release: back, incident: null }))).toEqual([
      `${ofTheChange} shop in production: 9f8e7d6 "Answer 500" by Ada is put there again, by a rollback`,
    ]);
  });
});

describe('the community does not hear', () => {
  it('of what a ladder puts there again within an incident', () => {
    const again = { ...release, byRollback: true };
    expect(told(said('release.reached', { release: again, incident: 'production.shop.5' }))).toEqual([]);
  });

  it('of a release that was found later', () => {
    expect(told(said('release.reached', { release, incident: null, recovered: { goodSince: null } }))).toEqual([]);
  });

  it('of anything else', () => {
    for (const kind of ['incident.opened', 'step.intended', 'release.good', 'stage.succeeded', 'check.changed'])
      expect(told(said(kind, { release, incident: null }))).toEqual([]);
  });
});

describe('what Escalator itself says', () => {
  it('names nobody as who did it', () => {
    const entry = entryOf(said('release.reached', { release, incident: null }));
    const [rule] = rulesOf(entry, [newsItem({ name: 'community' })]);
    expect(rule && newsNotice(rule, entry).alert.news?.who).toBeNull();
  });
});
