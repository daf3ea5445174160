import { describe, expect, it } from 'vitest';
import { alarmsOf, pipelinesChecked, readBesides, sourceOf } from '../../../shared/config/checks.ts';
import { formatMistake } from '../../../shared/config/mistake.ts';
import { parseConfig } from '../../../shared/config/parse.ts';

const configWith = (check: string): string => `version: 1
environments:
  production:
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks:
          one: ${check}
        ladder:
          - { level: deploy, do: redeploy, mode: act }
topics: { sre: { sns: escalator-sre } }
`;
const read = (check: string) => parseConfig(configWith(check), 'escalator.yaml');
const serviceWith = (check: string) => {
  const answer = read(check);
  if ('mistakes' in answer) throw new Error(answer.mistakes.map(formatMistake).join('\n'));
  return answer.config.services[0] as (typeof answer.config.services)[0];
};
const mistakes = (check: string): string[] => {
  const answer = read(check);
  return 'mistakes' in answer
    ? answer.mistakes.map(({ line, column, path, found, todo }) => {
        const within = path.replace('environments.production.services.shop.checks.one', '');
        return `${line}:${column} ${within} found ${found}; ${todo}`;
      })
    : [];
};

describe('a check', () => {
  it('is an alarm, a probe, the result of a pipeline or of its stage, or what events say', () => {
    expect(serviceWith('{ alarm: a, level: deploy }').checks).toEqual({
      one: { name: 'one', alarm: 'a', level: 'deploy' },
    });
    expect(serviceWith('{ probe: { url: "https://shop.example/health" }, level: deploy }').checks).toEqual({
      one: {
        name: 'one',
        level: 'deploy',
        probe: { url: 'https://shop.example/health', timeout: 5_000, failures: 3, expect: ['2xx'], body: null },
      },
    });
    expect(serviceWith('{ pipeline: smoke, level: deploy }').checks['one']).toMatchObject({ stage: null });
    expect(serviceWith('{ pipeline: smoke, stage: Test, level: deploy }').checks['one']).toMatchObject({
      stage: 'Test',
    });
    const events = '{ fail: { source: [t], detail: { is: [bad] } }, pass: { source: [t] }, level: deploy }';
    expect(serviceWith(events).checks['one']).toMatchObject({
      fail: { source: ['t'], detail: { is: ['bad'] } },
      pass: { source: ['t'] },
    });
  });

  it.each([
    ['200', ['200']],
    ['"4xx"', ['4xx']],
    ['[200, 204, 3xx]', ['200', '204', '3xx']],
  ])('by a probe expects a status, a hundred of them, or several: %s', (written, wanted) => {
    const check = serviceWith(`{ probe: { url: "http://a.b/", expect: ${written} }, level: deploy }`).checks['one'];
    expect(check).toMatchObject({ probe: { expect: wanted } });
  });

  it.each<[check: string, mistakes: string[]]>([
    ['{ level: deploy }', ['9:11 .alarm found nothing; add it']],
    [
      '{ alarms: a, level: deploy }',
      ['9:11 .alarm found nothing; add it', '9:18 .alarms found unknown key "alarms"; did you mean "alarm"?'],
    ],
    ['{ alarm: a, level: deploy, per: x }', ['9:43 .per found unknown key "per"; remove it']],
    [
      '{ probe: { uri: "http://a.b/" }, level: deploy }',
      ['9:18 .probe.url found nothing; add it', '9:27 .probe.uri found unknown key "uri"; did you mean "url"?'],
    ],
    ['{ probe: { url: "ftp://a.b/" }, level: deploy }', ['9:32 .probe.url found "ftp://a.b/"; change it']],
    [
      '{ probe: { url: "file:///etc/passwd" }, level: deploy }',
      ['9:32 .probe.url found "file:///etc/passwd"; change it'],
    ],
    ['{ probe: { url: "http://u:p@a.b/" }, level: deploy }', ['9:32 .probe.url found "http://u:p@a.b/"; change it']],
    [
      '{ probe: { url: "http://a.b/", timeout: 10s }, level: deploy }',
      ['9:18 .probe found 3 tries of 10 s each; make timeout or failures less'],
    ],
    ['{ probe: { url: "http://a.b/", body: "a**b" }, level: deploy }', ['9:53 .probe.body found "a**b"; correct it']],
    ['{ probe: { url: "http://a.b/", expect: 20 }, level: deploy }', ['9:55 .probe.expect found 20; change it']],
    ['{ pipeline: "a b", level: deploy }', ['9:28 .pipeline found "a b"; change it']],
    ['{ fail: { source: [t] }, level: deploy }', ['9:11 .pass found nothing; add it']],
    [
      '{ fail: { state: [bad] }, pass: { source: [t] }, level: deploy }',
      ['9:26 .fail.state found the field "state"; it can never match; did you mean a field of detail?'],
    ],
    [
      '{ fail: { source: t }, pass: { source: [t] }, level: deploy }',
      ['9:34 .fail.source found "t"; correct the pattern'],
    ],
    [
      '{ fail: { source: [t] }, pass: { source: [t] }, level: deploy }',
      ['9:47 .pass found the same pattern for pass as for fail; change one of the two'],
    ],
    ['shop-smoke', ['9:16  found "shop-smoke"; change it']],
  ])('that is wrong is told with its place and what to do: %s', (check, wanted) => {
    expect(mistakes(check)).toEqual(wanted);
  });

  it('says where its value comes from', () => {
    const probe = serviceWith('{ probe: { url: "http://a.b/" }, level: deploy }');
    const stage = serviceWith('{ pipeline: smoke, stage: Test, level: deploy }');
    const alarm = serviceWith('{ alarm: a, level: deploy }');
    const events = serviceWith('{ fail: { source: [t] }, pass: { source: [u] }, level: deploy }');
    const all = [probe, stage, alarm, events];
    expect(all.flatMap(({ checks }) => Object.values(checks).map(sourceOf))).toEqual([
      'GET http://a.b/',
      'pipeline smoke, stage Test',
      'alarm a',
      'events that match a pattern',
    ]);
    expect(all.flatMap(alarmsOf)).toEqual(['a']);
    expect(all.flatMap(pipelinesChecked)).toEqual(['smoke']);
    expect(all.map((service) => readBesides(service).length)).toEqual([1, 1, 0, 0]);
  });
});
