import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { shop } from '../../harness/ladder.ts';
import { eventOf, factOf, fixture } from '../event/harness.ts';

const config: Config = { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} };

/** A fixture as it stands in the lane of its account. */
const entryOf = (file: string, observedAt: string): Entry =>
  ({ ...fixture(file), seq: 7, origin: 'escalator/111122223333/eu-west-1', observedAt }) as unknown as Entry;

const inputOf = (file: string, observedAt: string) => inputsOf(entryOf(file, observedAt), config)[0]?.input;

describe('when something was', () => {
  it('is when its event says', () => {
    expect(inputOf('cloudwatch/alarm-failing.json', '2026-11-20T09:18:00.000Z')).toMatchObject({
      type: 'alarm',
      at: '2026-11-20T09:17:05.123Z',
    });
    expect(inputOf('codepipeline/stage-succeeded.json', '2026-11-20T19:18:00.000Z')).toMatchObject({
      type: 'stage',
      outcome: 'succeeded',
      at: fixture('codepipeline/stage-succeeded.json').occurredAt,
    });
  });

  it('is never after it was seen: a time to come would be newer than all that is read until then', () => {
    const seen = '2026-11-20T09:00:00.000Z';
    expect(inputOf('cloudwatch/alarm-failing.json', seen)).toMatchObject({ at: seen });
    expect(inputOf('codepipeline/stage-succeeded.json', seen)).toMatchObject({ at: seen, startedAt: seen });
  });

  it('is when it was seen, where its event does not say', () => {
    const seen = '2026-11-20T19:18:00.000Z';
    const entry = { ...entryOf('codepipeline/stage-succeeded.json', seen), occurredAt: null };
    expect(inputsOf(entry, config)[0]?.input).toMatchObject({ type: 'stage', at: seen });
  });
});

describe('an alarm that says by name what fails', () => {
  const contributor = 'cloudwatch/alarm-contributor.json';
  const alarm = String(fixture(contributor).detail['alarm']);
  const perCheck = (name: string) => ({ name, alarms: ['other', alarm], per: 'InstanceId', level: 'node' });
  const asked = (file: string, checks: ReturnType<typeof shop>['checks'], change: object = {}) => {
    const entry = { ...entryOf(file, '2026-11-20T10:06:00.000Z'), ...change };
    return inputsOf(entry as Entry, { ...config, services: [shop({ checks })] }).map(({ input }) => input);
  };

  it('is looked at when one of its series changes, and when it does itself', () => {
    const checks = { node: perCheck('node'), again: perCheck('again') };
    expect(asked(contributor, checks)).toEqual([{ type: 'series', seq: 7, alarm }]);
    const detail = { alarm, value: 'ALARM' };
    expect(asked('cloudwatch/alarm-failing.json', checks, { detail })).toEqual([{ type: 'series', seq: 7, alarm }]);
  });

  it('is looked at as a whole where another check asks no more of it than its state', () => {
    const checks = { node: perCheck('node'), any: { name: 'any', alarm, level: 'node' } };
    const detail = { alarm, value: 'ALARM' };
    expect(asked('cloudwatch/alarm-failing.json', checks, { detail })).toEqual([{ type: 'series', seq: 7, alarm }]);
    expect(asked(contributor, { any: checks.any })).toEqual([]);
  });

  it('is not looked at for what calls itself an event of it', () => {
    const source = { name: 'my.app', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
    expect(asked(contributor, { node: perCheck('node') }, { source })).toEqual([]);
  });
});

describe('an alarm whose actions are held back', () => {
  const seen = '2026-11-20T10:06:00.000Z';
  const told = (file: string, change: (detail: Members) => void = () => undefined) => {
    const event = eventOf(file);
    change(event.detail);
    const entry = { ...factOf(event), seq: 7, origin: 'escalator/111122223333/eu-west-1', observedAt: seen };
    const alarm = String(event.detail['alarmName']);
    const named = shop({ checks: { smoke: { name: 'smoke', alarm, level: 'deploy' } } });
    return inputsOf(entry as unknown as Entry, { ...config, services: [named] })[0]?.input;
  };
  type Members = ReturnType<typeof eventOf>['detail'];

  it('is unknown while a suppressor suppresses them, with the reason', () => {
    expect(told('cloudwatch/alarm-suppressed.json')).toMatchObject({
      value: 'unknown',
      reason: expect.stringMatching(/^in alarm, but its actions are suppressed \((Alarm|WaitPeriod|ExtensionPeriod)\)/),
    });
  });

  it('is unknown while a rule mutes them, until when', () => {
    expect(told('cloudwatch/alarm-muted.json')).toMatchObject({
      value: 'unknown',
      reason: expect.stringMatching(/^in alarm, but muted by arn:.* until 2026-/),
    });
  });

  it('is a pass where it is OK: CloudWatch goes on evaluating what it does not tell of', () => {
    const ok = (detail: Members) => {
      detail['state'] = { ...(detail['state'] as Members), value: 'OK' };
    };
    expect(told('cloudwatch/alarm-suppressed.json', ok)).toMatchObject({ value: 'pass' });
    expect(told('cloudwatch/alarm-muted.json', ok)).toMatchObject({ value: 'pass' });
  });
});

describe('where something was', () => {
  const here = shop();
  const there = {
    ...shop(),
    environment: 'eu',
    ladder: 'eu/shop',
    elsewhere: { account: '444455556666', region: null },
  };
  const both: Config = { ...config, services: [here, there] };
  const from = (account: string) => {
    const entry = entryOf('codepipeline/stage-succeeded.json', '2026-11-20T19:18:00.000Z');
    return inputsOf({ ...entry, source: { ...entry.source, account, region: 'eu-west-1' } }, both);
  };

  it('says which of two ladders of one pipeline name it is about', () => {
    expect(from('111122223333').map(({ service }) => service.ladder)).toEqual([here.ladder]);
    expect(from('444455556666').map(({ service }) => service.ladder)).toEqual(['eu/shop']);
    expect(from('999999999999')).toEqual([]);
  });

  it('is no matter of what Escalator says itself: it names the ladder, wherever that acts', () => {
    const source = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
    const detail = { ladder: 'eu/shop', order: { name: 'hold' } };
    const order = {
      seq: 7,
      kind: 'order.given',
      origin: 'escalator/111122223333/eu-west-1',
      source,
      detail,
      reason: 'x',
    };
    expect(inputsOf(order as unknown as Entry, both).map(({ service }) => service.ladder)).toEqual(['eu/shop']);
  });
});
