import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellersOf, topicsOf } from '../../../shared/alert/route.ts';
import { parseConfig } from '../../../shared/config/parse.ts';
import { alertOf } from '../../harness/alert.ts';

const good = readFileSync(new URL('../../fixtures/config/good.yaml', import.meta.url), 'utf8');
const read = (developers: string) =>
  parseConfig(good.replace(/^alerts:$/m, `alerts:\n  developers: ${developers}`), 'escalator.yaml');
const developersIn = (written: string) => {
  const answer = read(written);
  return 'config' in answer ? answer.config.developers : answer.mistakes.map(({ path, found }) => `${path}: ${found}`);
};

describe('how developers hear of their own changes', () => {
  it('is nothing where it is not written', () => {
    const answer = parseConfig(good, 'escalator.yaml');
    expect('config' in answer && 'developers' in answer.config).toBe(false);
  });

  it.each([
    ['{ to: sre }', { to: 'sre', comments: false }],
    ['{ comments: true }', { to: null, comments: true }],
    ['{ to: sre, comments: true }', { to: 'sre', comments: true }],
    ['{}', ['alerts.developers: an empty mapping']],
    ['{ comments: false }', ['alerts.developers: a mapping with "comments"']],
    ['{ to: srr }', ['alerts.developers.to: topic "srr"']],
    ['{ to: sre, comments: maybe }', ['alerts.developers.comments: "maybe"']],
    ['{ to: sre, author: me }', ['alerts.developers.author: unknown key "author"']],
  ])('%s is read, or told what is wrong with it', (written, expected) => {
    expect(developersIn(written)).toEqual(expected);
  });
});

it('a topic that is for developers alone gets nothing that no route wants, unless there is no other', () => {
  const developers = { to: 'devs', comments: false };
  const [devs, sre] = [{ devs: { sns: 'devs' } }, { sre: { sns: 'sre' } }];
  const toldTo = (topics: { [name: string]: { sns: string } }) =>
    topicsOf(alertOf(), tellersOf({ routes: [], topics, developers }));
  expect([toldTo({ ...devs, ...sre }), toldTo(devs)]).toEqual([['sre'], ['devs']]);
});
