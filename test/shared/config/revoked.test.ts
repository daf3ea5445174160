import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../shared/config/parse.ts';

const good = readFileSync(new URL('../../fixtures/config/good.yaml', import.meta.url), 'utf8');
const [sha, other] = ['a'.repeat(40), 'b'.repeat(64)];
const read = (revoked: string) => parseConfig(`${good}\nrevoked:\n${revoked}\n`, 'escalator.yaml');
const revokedIn = (revoked: string) => {
  const answer = read(revoked);
  return 'config' in answer ? answer.config.services[0]?.revoked : answer.mistakes;
};
const mistakesIn = (revoked: string) => {
  const answer = read(revoked);
  return 'mistakes' in answer ? answer.mistakes.map(({ path, found }) => [path, found]) : [];
};

describe('what is revoked', () => {
  it('is said of commits of a repository, with why, and holds for every service that comes from it', () => {
    const written = `  - { repository: shop, commits: [${sha}, ${other}], why: CVE-2026-1234 }`;
    expect(revokedIn(written)).toEqual([{ commits: [sha, other], why: 'CVE-2026-1234' }]);
  });

  it.each<[string, string, string, string]>([
    [
      'a repository that nothing comes from',
      `{ repository: shpo, commits: [${sha}], why: x }`,
      'repository',
      'repository "shpo"',
    ],
    ['a commit that is not in full', '{ repository: shop, commits: [a1b2c3d], why: x }', 'commits.0', '"a1b2c3d"'],
    ['a branch', '{ repository: shop, commits: [main], why: x }', 'commits.0', '"main"'],
    ['no commit', '{ repository: shop, commits: [], why: x }', 'commits', 'an empty list'],
    ['no why', `{ repository: shop, commits: [${sha}] }`, 'why', 'nothing'],
    ['an empty why', `{ repository: shop, commits: [${sha}], why: ' ' }`, 'why', '" "'],
  ])('is a mistake with %s', (_, written, path, found) => {
    expect(mistakesIn(`  - ${written}`)).toEqual([[`revoked.0.${path}`, found]]);
  });

  it('is a mistake with more commits of a repository than its ladders keep', () => {
    const many = (from: number, count: number): string =>
      Array.from({ length: count }, (_, n) => (from + n).toString(16).padStart(40, 'a')).join(', ');
    const item = (commits: string) => `  - { repository: shop, commits: [${commits}], why: x }`;
    expect(mistakesIn(item(many(0, 200)))).toEqual([]);
    expect(mistakesIn(`${item(many(0, 200))}\n${item(many(200, 1))}`)).toEqual([
      ['revoked.1.commits', '201 commits of one repository'],
    ]);
  });
});
