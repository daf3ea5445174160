import { describe, expect, it } from 'vitest';
import { divergedBy, leftBehind, noteAside } from '../../../shared/ladder/aside.ts';
import type { AliasReading } from '../../../shared/ladder/actions/previous-version.ts';
import type { TargetReading } from '../../../shared/ladder/intents.ts';
import type { LevelConfig, ServiceConfig } from '../../../shared/config/config.ts';
import { ecsService } from '../../harness/ecs.ts';
import { begin, claim, healthy, intends, kinds, level, shop, type TestLadder, wide } from '../../harness/ladder.ts';

const web = { cluster: 'shop', service: 'web' };
const back = level('deploy', { do: { type: 'previous-version', function: 'shop', alias: 'live' } });
const stop = level('deploy', { do: { type: 'stop-deployment', application: 'shop', group: 'blue' } });
const only = (one: typeof back, over: Partial<ServiceConfig> = {}): ServiceConfig =>
  shop({ checks: { smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' } }, levels: [one], ...over });

const alias = (version: string, previous: string): AliasReading => ({
  of: 'alias',
  version,
  revision: 'r',
  weighted: [],
  previous,
});

/** The level's turn comes: its act is intended. */
const failing = (config: ServiceConfig): TestLadder => {
  const test = healthy(config);
  test.alarm('smoke', 'fail');
  test.timer();
  return test;
};
const claimOf = (test: TestLadder, target: TargetReading) => claim(test, { traffic: null, target });
const actOn = (test: TestLadder, target: TargetReading): void => {
  claimOf(test, target);
  test.result({ outcome: 'started' });
  test.timer({ outcome: { status: 'done', reason: 'it points there' } });
};
const reasonIn = (test: TestLadder): string | undefined => test.state().hold?.reason;
/** Until the incident is over: quiescence, settling, verifying, and whatever comes of that. */
const toTheEnd = (test: TestLadder): void => {
  for (let turn = 0; turn < 20 && test.state().incident !== null; turn += 1) test.timer();
};
/** It went back and all was well; then the check fails again. */
const failingAgain = (config: ServiceConfig): TestLadder => {
  const test = failing(config);
  actOn(test, alias('7', '6'));
  test.alarm('smoke', 'pass');
  toTheEnd(test);
  test.forward(60_000);
  test.alarm('smoke', 'fail');
  test.timer();
  return test;
};

describe('going back around the pipeline', () => {
  it('counts as a rollback, and is done once in an incident', () => {
    const test = failing(only(back));
    expect(test.state().rollbacks).toEqual([]);
    actOn(test, alias('7', '6'));
    expect(test.state().rollbacks).toHaveLength(1);
    toTheEnd(test);
    expect(reasonIn(test)).toBe('this incident went back once already');
  });

  it('counts when nothing is known of it, and not when it never began', () => {
    const unknown = failing(only(back));
    claimOf(unknown, alias('7', '6'));
    unknown.result({ outcome: 'unknown', reason: 'socket hang up' });
    expect(unknown.state().rollbacks).toHaveLength(1);
    expect(divergedBy(unknown.state())).toMatchObject({ left: '7' });
    const never = failing(only(back));
    claimOf(never, alias('7', '6'));
    never.result({ outcome: 'not-started', reason: 'it points to 7' });
    expect([never.state().rollbacks, never.state().aside]).toEqual([[], []]);
  });

  it('is done within the budget of a day', () => {
    const test = failingAgain(only(back));
    expect(reasonIn(test)).toBe('the budget of 1 rollbacks a day is used up');
  });

  it('is never to what was gone back from within 24 h', () => {
    const test = failingAgain(only(back, { budgets: wide.budgets }));
    const phase = test.state().incident?.phase;
    expect(phase?.name === 'acting' && phase.intent).toMatchObject({ action: 'previous-version', avoid: ['7'] });
    const left = Date.parse(test.state().aside.at(-1)?.at ?? '');
    const aDayLater = (ms: number) => new Date(left + 24 * 3_600_000 + ms).toISOString();
    expect(leftBehind(test.state(), 'shop:live', test.now())).toEqual(['7']);
    expect(leftBehind(test.state(), 'shop:other', test.now())).toEqual([]);
    expect(leftBehind(test.state(), 'shop:live', aDayLater(-1))).toEqual(['7']);
    expect(leftBehind(test.state(), 'shop:live', aDayLater(0))).toEqual([]);
  });
});

describe('an environment', () => {
  it('is diverged by what goes around its pipeline, until the pipeline puts a release there', () => {
    const test = failing(only(back));
    expect(divergedBy(test.state())).toBeNull();
    actOn(test, alias('7', '6'));
    const did = 'point alias shop:live back to the version before, around its pipeline';
    expect(divergedBy(test.state())).toMatchObject({ target: 'shop:live', did, left: '7' });
    test.deliver('next');
    expect(divergedBy(test.state())).toBeNull();
  });

  it('is not diverged by an act in whose very moment the pipeline put a release there', () => {
    const test = failing(only(back));
    claimOf(test, alias('7', '6'));
    test.result({ outcome: 'started' });
    expect(divergedBy(test.state())).not.toBeNull();
    test.deliver('next');
    expect(divergedBy(test.state())).toBeNull();
  });

  it.each<[string, LevelConfig['do'], number]>([
    ['a task definition before', { type: 'previous-task-definition', ...web }, 1],
    ['a rollout that is taken back', { type: 'stop-service-deployment', ...web }, 0],
    [
      'a deployment that is stopped and rolled back',
      { type: 'stop-deployment', application: 'shop', group: 'blue' },
      0,
    ],
  ])('is diverged by %s; what chooses itself where to go back to counts as a rollback', (_, action, rollbacks) => {
    const test = failing(only(level('deploy', { do: action })));
    test.result({ outcome: 'started', operation: 'd-1' });
    expect(divergedBy(test.state())).toMatchObject({ target: expect.stringContaining('shop/') as string });
    expect(test.state().rollbacks).toHaveLength(rollbacks);
  });

  it('is not diverged by new tasks of what runs', () => {
    const test = failing(only(level('deploy', { do: { type: 'restart-service', ...web } })));
    test.result({ outcome: 'started', operation: 'ecs-svc/1' });
    expect(divergedBy(test.state())).toBeNull();
  });
});

describe('what was done around the pipeline', () => {
  it('is kept with what it left behind, once, though it had begun and then nothing is known of it', () => {
    const test = failing(only(level('deploy', { do: { type: 'previous-task-definition', ...web } })));
    claimOf(test, ecsService());
    test.result({ outcome: 'started', operation: 'ecs-svc/4' });
    test.result({ outcome: 'unknown', reason: 'socket hang up' });
    expect(test.state().aside.map(({ left }) => left)).toEqual(['web:3']);
  });

  it('is kept twenty times, the newest last', () => {
    const test = failing(only(back));
    const at = (n: number): string => new Date(begin + n).toISOString();
    const times = Array.from({ length: 21 }, (_, n) => at(n));
    const { aside } = times.reduce(noteAside, test.state());
    expect(aside.map((one) => one.at)).toEqual(times.slice(1));
  });
});

describe('stopping where nothing is under way', () => {
  const nothing: TargetReading = { of: 'deployment-group', underWay: null, good: 'd-GOOD' };

  it('calls a person where its own check asks for it', () => {
    const test = failing(only(stop));
    claimOf(test, nothing);
    expect(reasonIn(test)).toBe('no deployment is under way in deployment group shop/blue');
  });

  it('is passed by after another level', () => {
    const node = level('node', { do: { type: 'restart-service', ...web } });
    const then = level('then', {
      do: { type: 'run-automation', document: 'shop-rebuild', role: null, parameters: {} },
    });
    const checks = { node: { name: 'node', alarm: 'shop-node', level: 'node' } };
    const test = healthy(shop({ checks, levels: [node, { ...stop, level: 'stop' }, then] }));
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started', operation: 'ecs-svc/1' });
    test.timer({ outcome: { status: 'done', reason: 'steady' } });
    expect(intends(test.timer())).toContain('stop the deployment');
    const said = claimOf(test, nothing);
    expect(kinds(said)).toContain('step.ended');
    expect(intends(said)).toBe('run SSM document shop-rebuild');
  });
});
