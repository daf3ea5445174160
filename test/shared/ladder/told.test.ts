import { describe, expect, it } from 'vitest';
import type { CheckConfig, Config } from '../../../shared/config/config.ts';
import { type Addressed, inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Told } from '../../../shared/ladder/input.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { begin, broken, healthy, kinds, ladder, shop } from '../../harness/ladder.ts';
import { eventOf, factOf, type TestEvent } from '../event/harness.ts';

const seen = '2026-11-20T19:18:00.000Z';
const results: CheckConfig = { name: 'results', pipeline: 'shop', stage: null, level: 'deploy' };
const staged: CheckConfig = { name: 'staged', pipeline: 'shop', stage: 'Deploy', level: 'deploy' };
const events: CheckConfig = {
  name: 'events',
  fail: { source: ['my.tests'], detail: { state: ['failed'] } },
  pass: { source: ['my.tests'], detail: { state: ['passed', 'both'] } },
  level: 'deploy',
};
const both: CheckConfig = { ...events, name: 'both', fail: { source: ['my.tests'], detail: { state: ['both'] } } };
const serviceWith = (...checks: CheckConfig[]) =>
  shop({ checks: Object.fromEntries(checks.map((check) => [check.name, check])) });

const configWith = (...checks: CheckConfig[]): Config => {
  const services = [serviceWith(...checks)];
  return { digest: 'd', text: '', environments: [], services, routes: [], topics: {} };
};
const entryOf = (event: object, over: Partial<Entry> = {}): Entry =>
  ({
    ...factOf(event),
    seq: 7,
    origin: 'escalator/111122223333/eu-west-1',
    observedAt: seen,
    ...over,
  }) as unknown as Entry;
const told = (entry: Entry, ...checks: CheckConfig[]): Addressed['input'][] =>
  inputsOf(entry, configWith(...checks)).map(({ input }) => input);

const myEvent = (state: string): TestEvent => ({
  version: '0',
  id: 'e-1',
  'detail-type': 'Test Run',
  source: 'my.tests',
  account: '111122223333',
  region: 'eu-west-1',
  time: '2026-11-20T19:17:00Z',
  resources: [],
  detail: { state },
});
const stage = (file = 'codepipeline/stage-succeeded.json') => eventOf(file);

describe('an event', () => {
  it.each([
    ['failed', 'fail'],
    ['passed', 'pass'],
  ])('that is %s by a pattern of a check is a %s of it', (state, value) => {
    expect(told(entryOf(myEvent(state)), events)).toEqual([
      {
        type: 'told',
        seq: 7,
        told: [{ check: 'events', value, at: '2026-11-20T19:17:00.000Z', reason: 'event "Test Run" of my.tests' }],
      },
    ]);
  });

  it('that no pattern matches says nothing', () => {
    expect(told(entryOf(myEvent('running')), events)).toEqual([]);
  });

  it('that both patterns match is doubt', () => {
    expect(told(entryOf(myEvent('both')), both)).toMatchObject([{ told: [{ value: 'unknown' }] }]);
  });

  it('of which nothing was kept says nothing, whatever its source', () => {
    const entry = entryOf(myEvent('failed'));
    const { event: _event, ...detail } = entry.detail;
    const any: CheckConfig = {
      name: 'any',
      fail: { source: ['my.tests'] },
      pass: { source: ['none'] },
      level: 'deploy',
    };
    expect(told(entry, any)).toHaveLength(1);
    expect(told({ ...entry, detail }, any)).toEqual([]);
  });

  it('of another account, or replayed, says nothing', () => {
    expect(told(entryOf({ ...myEvent('failed'), account: '999988887777' }), events)).toEqual([]);
    const replayed = entryOf(myEvent('failed'));
    expect(told({ ...replayed, detail: { ...replayed.detail, replayed: 'rebuild' } }, events)).toEqual([]);
  });

  it('is matched as EventBridge delivered it, field by field', () => {
    const whole = {
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Stage Execution State Change'],
      account: ['111122223333'],
      region: [{ prefix: 'eu-' }],
      resources: [{ prefix: 'arn:aws:codepipeline:' }],
      time: [{ prefix: '2026-' }],
      detail: { state: ['SUCCEEDED'], pipeline: ['shop'] },
    };
    const check: CheckConfig = { name: 'whole', fail: { source: ['none'] }, pass: whole, level: 'deploy' };
    expect(told(entryOf(stage()), check)).toMatchObject([{ type: 'stage', told: [{ check: 'whole', value: 'pass' }] }]);
  });

  it('is taken in once, with all that it says', () => {
    const inputs = told(entryOf(stage()), staged, results);
    expect(inputs).toMatchObject([{ type: 'stage', outcome: 'succeeded', told: [{ check: 'staged', value: 'pass' }] }]);
  });
});

describe('the result of a pipeline', () => {
  const ended = (kind: string, detail: object, source = 'aws.codepipeline'): Entry => {
    const entry = entryOf(stage(), { kind });
    return { ...entry, source: { ...entry.source, name: source }, detail: { pipeline: 'shop', ...detail } };
  };
  const valueOf = (entry: Entry, check: CheckConfig): string | undefined => {
    const [input] = told(entry, check);
    return input?.told?.[0]?.value;
  };

  it.each([
    ['pipeline.succeeded', {}, 'pass'],
    ['pipeline.failed', {}, 'fail'],
    ['pipeline.started', {}, undefined],
    ['pipeline.superseded', {}, undefined],
    ['pipeline.stopped', {}, undefined],
    ['stage.failed', { stage: 'Deploy' }, undefined],
    ['pipeline.failed', { pipeline: 'cart' }, undefined],
  ])('is what it ended with: %s %o', (kind, detail, value) => {
    expect(valueOf(ended(kind, detail), results)).toBe(value);
  });

  it.each([
    ['stage.succeeded', { stage: 'Deploy' }, 'pass'],
    ['stage.failed', { stage: 'Deploy' }, 'fail'],
    ['stage.failed', { stage: 'Build' }, undefined],
    ['pipeline.failed', {}, undefined],
  ])('is that of the stage where one is named: %s %o', (kind, detail, value) => {
    expect(valueOf(ended(kind, detail), staged)).toBe(value);
  });

  it('is what CodePipeline says, and nobody else', () => {
    expect(valueOf(ended('pipeline.failed', {}, 'my.app'), results)).toBeUndefined();
  });
});

describe('a ladder that is told of a check', () => {
  const service = serviceWith(events, results);
  const tell = (test: ReturnType<typeof ladder>, check: string, value: Told['value'], at = test.now()) =>
    kinds(test.take({ type: 'told', seq: test.nextSeq(), told: [{ check, value, at, reason: 'said' }] }));

  it('opens an incident where it fails, and says by what', () => {
    const test = ladder(service);
    expect(tell(test, 'events', 'fail')).toEqual(['check.changed', 'incident.opened']);
    const [changed] = test.versions.at(-1)?.decision.events ?? [];
    expect(changed).toMatchObject({ check: 'events', source: 'events that match a pattern', reason: 'said' });
    expect(changed).not.toHaveProperty('alarm');
  });

  it('keeps what it was told last where there is no source to read', () => {
    const test = ladder(service);
    tell(test, 'events', 'fail');
    expect(kinds(test.take({ type: 'read' }, { alarms: {}, sources: {} }))).toEqual([]);
    expect(test.state().checks['events']?.value).toBe('fail');
  });

  it('takes what comes late for doubt, where there is no source to read', () => {
    const test = ladder(service);
    tell(test, 'events', 'pass');
    test.forward(15 * 60_000);
    const late = new Date(Date.parse(test.now()) - 11 * 60_000).toISOString();
    expect(tell(test, 'events', 'fail', late)).toEqual(['check.changed']);
    expect(test.state().checks['events']).toMatchObject({ value: 'unknown', reason: 'told late that it would fail' });
    expect(test.state().checks['events']?.at).toBe(late);
  });

  it('takes no note of what comes late of a check that can be read at its source', () => {
    const test = ladder(service);
    tell(test, 'results', 'pass');
    test.forward(15 * 60_000);
    expect(tell(test, 'results', 'fail', new Date(Date.parse(test.now()) - 11 * 60_000).toISOString())).toEqual([]);
  });

  it('believes what is ten minutes old, to the millisecond', () => {
    const test = ladder(service);
    expect(tell(test, 'events', 'fail', new Date(begin - 600_000).toISOString())).toContain('incident.opened');
  });

  it('takes no note of a check that it does not have', () => {
    expect(tell(ladder(service), 'none', 'fail')).toEqual([]);
  });

  it('takes no older word for news', () => {
    const test = ladder(service);
    const before = test.now();
    test.forward(60_000);
    tell(test, 'events', 'pass');
    expect(tell(test, 'events', 'fail', before)).toEqual([]);
  });

  it('takes in the rest of the entry first', () => {
    const test = broken(healthy(shop({ checks: { ...shop().checks, staged } })));
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    const at = test.now();
    const ended = { type: 'stage', execution: 'r-1', outcome: 'failed', startedAt: at, at, reason: 'no' } as const;
    const said = [{ check: 'staged', value: 'fail' as const, at, reason: 'no' }];
    const what = kinds(test.take({ ...ended, seq: test.nextSeq(), told: said }));
    expect(what.slice(0, 2)).toEqual(['step.ended', 'attempt.started']);
    expect(what.slice(-2)).toEqual(['check.changed', 'incident.joined']);
  });
});
