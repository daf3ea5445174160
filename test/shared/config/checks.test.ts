import { describe, expect, it } from 'vitest';
import { alarmsOf, dimensionsOf, pipelinesChecked, readBesides, sourceOf } from '../../../shared/config/checks.ts';
import { formatMistake } from '../../../shared/config/mistake.ts';
import { parseConfig } from '../../../shared/config/parse.ts';
import { remarksOnAlarms } from '../../../shared/config/remarks-on-alarms.ts';
import { remarksOn } from '../../../shared/config/remarks.ts';

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

describe('a check per a dimension', () => {
  const ladder = (check: string, levels: string) =>
    configWith(check).replace('- { level: deploy, do: redeploy, mode: act }', levels);
  const told = (check: string, levels: string) => {
    const answer = parseConfig(ladder(check, levels), 'escalator.yaml');
    if (!('mistakes' in answer)) return remarksOn(answer.config, ladder(check, levels), 'escalator.yaml');
    return answer.mistakes;
  };
  const said = (check: string, levels: string) =>
    told(check, levels).map(({ line, column, found, todo }) => `${line}:${column} found ${found}; ${todo}`);
  const replace = '- { level: deploy, do: { replace-instances: asg }, mode: act }';

  it('looks at one alarm that has a series for each value, or at an alarm for each', () => {
    expect(serviceWith('{ alarm: a, per: InstanceId, level: deploy }').checks).toEqual({
      one: { name: 'one', alarms: ['a'], per: 'InstanceId', level: 'deploy' },
    });
    const each = serviceWith('{ alarms: [a, b], per: QueueName, level: deploy }');
    expect(each.checks['one']).toEqual({ name: 'one', alarms: ['a', 'b'], per: 'QueueName', level: 'deploy' });
    expect(alarmsOf(each)).toEqual(['a', 'b']);
    expect([...dimensionsOf([each])]).toEqual([
      ['a', ['QueueName']],
      ['b', ['QueueName']],
    ]);
    expect(Object.values(each.checks).map(sourceOf)).toEqual(['alarms a, b per QueueName']);
  });

  it.each([
    [
      '- { level: deploy, do: { run-automation: fix, parameters: { Id: { per: QueueName } } } }',
      '11:82 found per "QueueName", of which no check says what fails; add per: QueueName to the check that asks for the level, or give the parameter a text',
    ],
    [
      '- { level: deploy, do: { run-automation: fix, parameters: { A: { per: InstanceId }, B: { per: InstanceId } } } }',
      '11:69 found a mapping with "A, B"; change it',
    ],
    [`${replace.replace('mode', 'limit: 0, mode')}`, '11:69 found 0; change it'],
    [`${replace.replace('mode', 'limit: 51, mode')}`, '11:69 found 51; change it'],
  ])('of whose level something is wrong is told with its place and what to do: %s', (levels, wanted) => {
    expect(said('{ alarm: a, per: InstanceId, level: deploy }', levels)).toEqual([wanted]);
  });

  it('is for its level and those after it, not for those before', () => {
    const fix = (name: string) =>
      `{ level: ${name}, do: { run-automation: fix, parameters: { Id: { per: InstanceId } } } }`;
    const before = `- ${fix('first')}\n          - { level: deploy, do: redeploy, mode: act }`;
    const after = `- { level: deploy, do: redeploy, mode: act }\n          - ${fix('last')}`;
    expect(said('{ alarm: a, per: InstanceId, level: deploy }', before)[0]).toMatch(
      /of which no check says what fails/,
    );
    expect(said('{ alarm: a, per: InstanceId, level: deploy }', after)).toEqual([]);
  });

  it('is remarked on where it says nothing that its level could go by, and so is a limit that limits nothing', () => {
    expect(said('{ alarm: a, per: QueueName, level: deploy }', replace)).toEqual([
      '9:33 found per "QueueName", for a level that replaces instances; look at the metric per InstanceId, or take per away',
    ]);
    expect(said('{ alarm: a, level: deploy }', replace.replace('mode', 'limit: 2, mode'))).toEqual([
      '11:69 found a limit of 2 for level "deploy", of which no check says by name what fails; give a check of this level, or of one before it, a dimension with per, or take limit away',
    ]);
    expect(said('{ alarm: a, per: InstanceId, level: deploy }', replace.replace('mode', 'limit: 2, mode'))).toEqual([]);
  });

  it('whose alarms are not there is remarked on alarm by alarm', () => {
    const text = configWith('{ alarms: [a, b], per: QueueName, level: deploy }');
    const answer = parseConfig(text, 'escalator.yaml');
    if ('mistakes' in answer) throw new Error('it is good');
    const there = { a: { window: null, unreadable: null } };
    expect(remarksOnAlarms(answer.config, there, text, 'escalator.yaml').map(({ found }) => found)).toEqual([
      'alarm "b", which is not there',
    ]);
  });
});

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
    ['{ alarms: a, level: deploy }', ['9:11 .per found nothing; add it', '9:26 .alarms found "a"; change it']],
    ['{ alarms: [a, b], level: deploy }', ['9:11 .per found nothing; add it']],
    ['{ alarms: [], per: InstanceId, level: deploy }', ['9:26 .alarms found an empty list; change it']],
    ['{ alarms: [a, a], per: InstanceId, level: deploy }', ['9:26 .alarms found a list of 2; change it']],
    ['{ alarm: a, per: ":x", level: deploy }', ['9:33 .per found ":x"; change it']],
    ['{ alarm: a, per: "", level: deploy }', ['9:33 .per found ""; change it']],
    ['{ pipeline: p, per: InstanceId, level: deploy }', ['9:31 .per found unknown key "per"; remove it']],
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
