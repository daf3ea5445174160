import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../shared/config/parse.ts';
import { remarksOn } from '../../../shared/config/remarks.ts';

const good = readFileSync(new URL('../../fixtures/config/good.yaml', import.meta.url), 'utf8');
const read = (news: string, text = good) => {
  const written = text.replace(/^alerts:$/m, `alerts:\n  news:\n    ${news}`);
  if (written === text) throw new Error('the configuration has no alerts');
  return { written, answer: parseConfig(written, 'escalator.yaml') };
};
const newsIn = (news: string) => {
  const { answer } = read(news);
  return 'config' in answer ? answer.config.news : answer.mistakes;
};
const mistakesIn = (news: string): string[] => {
  const { answer } = read(news);
  return 'mistakes' in answer ? answer.mistakes.map(({ path, found, todo }) => `${path}: ${found}; ${todo}`) : [];
};

describe('news in the configuration', () => {
  it('are a set that is built in, turned on by its name', () => {
    expect(newsIn('security: { to: sre }')).toEqual([{ name: 'security', match: null, to: ['sre'], escalate: [] }]);
  });

  it('are a pattern over entries, how loud, to whom, and what is told together', () => {
    const written =
      'exports: { match: { kind: [trail.exported] }, severity: ticket, to: [sre], by: [actor.name], escalate: [{ to: sre, after: 5m }] }';
    expect(newsIn(written)).toEqual([
      {
        name: 'exports',
        match: { kind: ['trail.exported'] },
        severity: 'ticket',
        to: ['sre'],
        by: ['actor.name'],
        escalate: [{ to: 'sre', after: 300_000 }],
      },
    ]);
  });

  it('may be left out', () => {
    const answer = parseConfig(good, 'escalator.yaml');
    expect('config' in answer && 'news' in answer.config).toBe(false);
  });

  it.each<[string, string, string]>([
    ['to a topic that does not exist', 'security: { to: srr }', 'security.to: topic "srr"; did you mean "sre"?'],
    [
      'to one that does not exist among others',
      'security: { to: [sre, srr] }',
      'security.to.1: topic "srr"; did you mean "sre"?',
    ],
    ['to nobody', 'security: { to: [] }', 'security.to: an empty list; change it'],
    [
      'under a name that is not built in, without a pattern',
      'secrity: { to: sre }',
      'secrity: news "secrity" without match; add match, such as { kind: [sign-in] }',
    ],
    [
      'of a kind that there is not',
      'mine: { to: sre, match: { kind: [sign-inn] } }',
      'mine.match.kind.0: kind "sign-inn", which nothing here has; did you mean "sign-in"?',
    ],
    [
      'of what telling puts on record',
      'mine: { to: sre, match: { kind: [alert.told] } }',
      'mine.match.kind.0: kind "alert.told", which nothing here has; use one that is there',
    ],
    [
      'of a kind that its set never has',
      'community: { to: sre, match: { kind: [sign-in] } }',
      'community.match.kind.0: kind "sign-in", which nothing here has; use one that is there',
    ],
    [
      'with a field that no entry has',
      'mine: { to: sre, match: { detail-type: [x] } }',
      'mine.match.detail-type: field "detail-type", which nothing here has; did you mean "detail"?',
    ],
    [
      'of an environment that there is not, also within $or',
      'mine: { to: sre, match: { $or: [{ environment: [prodution] }, { kind: [call] }] } }',
      'mine.match.$or.0.environment.0: environment "prodution", which nothing here has; did you mean "production"?',
    ],
    [
      'that EventBridge would refuse',
      'mine: { to: sre, match: { kind: call } }',
      'mine.match.kind: "call"; correct the pattern',
    ],
    [
      'told together by a field that no entry has',
      'mine: { to: sre, match: { kind: [call] }, by: [actr.name] }',
      'mine.by.0: field "actr", which nothing here has; did you mean "actor"?',
    ],
    [
      'of a set with labels of their own',
      'security: { to: sre, by: [kind] }',
      'security.by: by, for the news of "security"; remove it',
    ],
  ])('are a mistake %s', (_, written, mistake) => {
    expect(mistakesIn(written)).toEqual([`alerts.news.${mistake}`]);
  });
});

describe('how to tell security', () => {
  const page = readFileSync(new URL('../../../docs/how-to/tell-security.md', import.meta.url), 'utf8');
  const written = [...page.matchAll(/^ {4}\w+: \{ .* \}$/gm)].map(([line]) => line.trim());
  const topics = '\n  sec: { sns: escalator-sec }\n  everybody: { sns: escalator-everybody }';

  it('shows some', () => {
    expect(written.length).toBeGreaterThan(3);
  });

  it.each(written)('shows what may be written: %s', (line) => {
    expect(read(line, `${good.trimEnd()}${topics}\n`).answer).toHaveProperty('config');
  });
});

describe('a route that no alert can take', () => {
  it.each([
    ['environment: [prodution]', 'environment.0', 'environment "prodution"'],
    ['severity: [pages]', 'severity.0', 'severity "pages"'],
    ['servise: [shop]', 'servise', 'field "servise"'],
  ])('with %s is remarked on, and its file is good', (match, path, found) => {
    const text = good.replace('{ environment: [production] }', `{ ${match} }`);
    const answer = parseConfig(text, 'escalator.yaml');
    const remarks = 'config' in answer ? remarksOn(answer.config, text, 'escalator.yaml') : [];
    const said = remarks.filter((remark) => remark.path.startsWith('alerts'));
    expect(said.map((remark) => [remark.path, remark.found])).toEqual([
      [`alerts.routes.0.match.${path}`, `${found}, which nothing here has`],
    ]);
  });

  it('is not what none is: what no route wants goes to all topics, and there is always one', () => {
    const answer = parseConfig(good.replace(/^topics:[^]*$/m, 'topics: {}'), 'escalator.yaml');
    expect('mistakes' in answer && answer.mistakes.map(({ path }) => path)).toEqual(['topics']);
  });
});
