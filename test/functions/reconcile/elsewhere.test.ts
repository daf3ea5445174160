import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { allTargets, targetName } from '../../../shared/reconcile/targets.ts';
import { shop } from '../../harness/ladder.ts';
import { configOf, reconciling } from '../../harness/reconciling.ts';
import { context } from '../../shared/event/harness.ts';

const begin = '2026-11-21T12:00:00.000Z';
const minute = 60_000;
const home = { account: context.account, region: context.region };
const there = { account: '444455556666', region: 'eu-west-1' };
const at = (ms: number): string => new Date(Date.parse(begin) + ms).toISOString();

const checks = { smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' } };
const inEnvironment = (environment: string, elsewhere = there) => ({
  ...shop({ checks, environment, ladder: `${environment}/shop` }),
  elsewhere,
});
const config: Config = { ...configOf(), services: [shop({ checks }), inEnvironment('live')] };

const execution = {
  pipeline: 'shop',
  id: 'e-1',
  status: 'Succeeded',
  startedAt: at(-60 * minute),
  updatedAt: at(-59 * minute),
  trigger: null,
  rollback: null,
  stopReason: null,
  actions: [],
};
const change = (ms: number, was: string, value: string) => {
  return { alarm: 'shop-smoke', at: at(ms), value, was, reason: null, data: null };
};

const started = async () => {
  const test = reconciling(begin, config);
  await test.push({ source: 'other', 'detail-type': 'x', time: begin, detail: {}, ...home });
  return test;
};

describe('where an environment is elsewhere', () => {
  it('what its services keep is of its account and Region, and of one name with what is at home it is another fact', async () => {
    const test = await started();
    test.kept.executions = [execution];
    test.keptElsewhere.executions = [execution];
    await test.run();
    const begun = test.observed().filter(({ kind }) => kind === 'pipeline.started');
    expect(begun.map(({ source }) => source)).toMatchObject([home, there]);
    expect(begun.map(({ subject }) => subject)).toEqual([
      `arn:aws:codepipeline:${home.region}:${home.account}:shop`,
      `arn:aws:codepipeline:${there.region}:${there.account}:shop`,
    ]);
  });

  it('a fact that its event told is not told again', async () => {
    const test = await started();
    test.keptElsewhere.items = [change(minute, 'OK', 'ALARM')];
    test.forward(2 * minute);
    await test.push({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      time: at(minute),
      detail: { alarmName: 'shop-smoke', state: { value: 'ALARM', timestamp: at(minute).replace('Z', '+0000') } },
      ...there,
    });
    test.forward(10 * minute);
    await test.run();
    expect(test.observed().filter(({ kind }) => kind === 'alarm.changed')).toMatchObject([{ source: there }]);
  });

  it('a gap there says where, and is not that of home', async () => {
    const test = await started();
    const jump = [change(minute, 'OK', 'ALARM'), change(2 * minute, 'OK', 'ALARM')];
    test.kept.items = jump;
    test.keptElsewhere.items = jump;
    test.forward(10 * minute);
    await test.run();
    const gaps = test.trail.entries.filter(({ kind }) => kind === 'gap.found');
    expect(gaps.map(({ subject }) => subject)).toEqual([
      'escalator:record/alarm:shop-smoke',
      'escalator:record/alarm:shop-smoke at live',
    ]);
  });

  it('and its role cannot be taken, home is read all the same, and it is said what was not', async () => {
    const test = await started();
    test.kept.executions = [execution];
    test.failing.set('executions null at live', new Error('AccessDenied'));
    await test.run();
    expect(test.observed().some(({ kind }) => kind === 'pipeline.started')).toBe(true);
    expect(test.reports.at(-1)?.failed.map(({ target }) => target)).toEqual(['pipeline:shop at live']);
  });

  it('the calls of one account and Region are read once, whichever environments are there', () => {
    const services = [shop(), inEnvironment('live'), inEnvironment('test'), inEnvironment('lab', home)];
    const names = allTargets({ ...config, services }, home).filter(({ of }) => of === 'calls');
    expect(names.map(targetName)).toEqual(['calls', 'calls at live']);
  });
});
