import { describe, expect, it } from 'vitest';
import type { ActionConfig } from '../../../shared/config/config.ts';
import { describeIntent, grantsOf } from '../../../shared/ladder/actions.ts';
import type { StageReading } from '../../../shared/ladder/actions/pipeline.ts';
import type { ActReadings } from '../../../shared/ladder/may-act.ts';
import type { Traffic } from '../../../shared/ladder/reads.ts';
import { healthy, kinds, level, shop, type TestLadder } from '../../harness/ladder.ts';

const ada = { type: 'person', id: 'ada', name: 'Ada', verified: true } as const;
const c9 = 'c9'.repeat(20);
type Latest = NonNullable<StageReading['latest']>;

/** A ladder whose second level is this action, with nothing but its own check failing. */
const failing = (action: ActionConfig, over: { first?: boolean } = {}): TestLadder => {
  const stuck = level('stuck', { do: action });
  const levels = over.first === false ? [level('node'), stuck] : [stuck, level('deploy')];
  const checks = {
    node: { name: 'node', alarm: 'shop-node', level: over.first === false ? 'node' : 'stuck' },
    smoke: { name: 'smoke', alarm: 'shop-smoke', level: over.first === false ? 'stuck' : 'deploy' },
  };
  const test = healthy(shop({ levels, checks }));
  test.deliver('next');
  test.alarm('node', 'fail');
  test.timer();
  return test;
};

const free: Traffic = { newer: null, stageBusy: null };
const inStage = (over: Partial<Latest> = {}): StageReading => ({
  of: 'stage',
  latest: {
    execution: 'x-9',
    status: 'Failed',
    commit: c9,
    rollback: false,
    changedAt: '2026-11-21T11:59:00.000Z',
    ...over,
  },
});

/** Asks for the act that is intended; returns what the ladder says, in kinds, and the reason where there is one. */
const claim = (test: TestLadder, target: ActReadings['target'], traffic: Traffic | null = free) => {
  const act: ActReadings = {
    released: true,
    alarms: test.alarms(),
    readAt: test.now(),
    traffic,
    instances: null,
    ...(target !== undefined && { target }),
  };
  const said = test.take({ type: 'claim', actKey: test.actKey(), holder: 'me', attempt: '1' }, { act });
  const reason = said.map((event) => ('reason' in event ? event.reason : null)).find((one) => one !== null);
  return [kinds(said)[0], reason ?? null];
};

describe('retrying a stage', () => {
  const retry = (): TestLadder => failing({ type: 'retry-stage' });

  it('is intended of the stage of the service, and said in words', () => {
    const phase = retry().state().incident?.phase;
    expect(phase).toMatchObject({ intent: { action: 'retry-stage', target: 'shop/Deploy', stage: 'Deploy' } });
  });

  it('is done for the execution that failed there', () => {
    const test = retry();
    expect(claim(test, inStage())).toEqual(['step.claimed', null]);
    expect(test.state().incident?.phase).toMatchObject({ claim: { target: inStage() } });
  });

  it.each<[string, Traffic | null, ActReadings['target']]>([
    ['the pipeline cannot be read', null, inStage()],
    ['the stage cannot be read', free, null],
    ['a newer change is on its way (execution x-10)', { newer: 'x-10', stageBusy: null }, inStage()],
    ['the stage is busy with execution x-9', { newer: null, stageBusy: 'x-9' }, inStage()],
    [
      'somebody rolls back already (execution x-8)',
      { ...free, healing: 'somebody rolls back already (execution x-8)' },
      inStage(),
    ],
    [
      'the way into stage Deploy was closed by Ada: audit',
      { ...free, closed: 'the way into stage Deploy was closed by Ada: audit' },
      inStage(),
    ],
    ['what execution x-9 carries cannot be read', free, inStage({ commit: null })],
  ])('waits: %s', (reason, traffic, target) => {
    expect(claim(retry(), target, traffic)).toEqual(['incident.waiting', reason]);
  });

  it('is not done where nothing failed, or nothing ever came', () => {
    const nothing = expect.stringContaining('nothing to retry') as unknown;
    expect(claim(retry(), inStage({ status: 'Succeeded' }))).toEqual(['incident.closed', nothing]);
    expect(claim(retry(), { of: 'stage', latest: null })).toEqual(['incident.closed', nothing]);
  });

  it('never puts there again what is refused there', () => {
    const test = retry();
    const order = { name: 'quarantine', of: { commit: c9 } } as const;
    test.take({ type: 'order', seq: test.nextSeq(), order, who: ada, why: 'it leaks' });
    expect(claim(test, inStage())).toEqual([
      'incident.closed',
      expect.stringMatching(/c9c9c9c is not put there again: .*it leaks/),
    ]);
  });

  it('of a level that is not the first is passed by where nothing failed, as done already', () => {
    const test = failing({ type: 'retry-stage' }, { first: false });
    test.carryOut('x-r');
    test.alarm('smoke', 'fail');
    test.timer();
    expect(test.state().incident?.phase).toMatchObject({ intent: { action: 'retry-stage' } });
    expect(claim(test, inStage({ status: 'Succeeded' }))[0]).toBe('step.ended');
    expect(test.state().incident?.steps.at(-1)).toMatchObject({
      level: 'stuck',
      outcome: 'already-so',
      did: 'nothing: it already held',
    });
    expect(test.state().incident?.phase.name).toBe('settling');
  });

  it('is done when the stage succeeded; a failure that is told may be the old one, and is asked after', () => {
    const test = retry();
    claim(test, inStage());
    test.result({ outcome: 'started', execution: 'x-9' });
    expect(kinds(test.stage('x-9', 'failed'))).toEqual([]);
    expect(kinds(test.timer({ outcome: { status: 'failed', reason: 'smoke' } }))).toContain('step.ended');
    const again = retry();
    claim(again, inStage());
    again.result({ outcome: 'started', execution: 'x-9' });
    expect(kinds(again.stage('x-9', 'succeeded'))).toContain('step.ended');
  });
});

describe('stopping an execution', () => {
  const stop = (): TestLadder => failing({ type: 'stop-execution', abandon: false });
  const runs = (over: Partial<Latest> = {}) => inStage({ status: 'InProgress', ...over });

  it('is intended of the stage of the service, with what is left to itself said', () => {
    const stage = { target: 'shop/Deploy', pipeline: 'shop', stage: 'Deploy' };
    const intentOf = (abandon: boolean) => {
      const phase = failing({ type: 'stop-execution', abandon }).state().incident?.phase;
      return phase?.name === 'acting' ? phase.intent : null;
    };
    expect(intentOf(true)).toMatchObject({ ...stage, action: 'stop-execution', abandon: true });
    const said = [intentOf(false), intentOf(true)].map((intent) => (intent === null ? null : describeIntent(intent)));
    expect(said).toEqual([
      'stop what runs in stage Deploy of shop',
      'stop what runs in stage Deploy of shop, leaving what it began',
    ]);
  });

  it('never stops one that carries a newer change: it may be the fix', () => {
    const reason = 'execution x-9 carries a newer change (c9c9c9c), which only a person may stop';
    expect(claim(stop(), runs())).toEqual(['incident.closed', reason]);
  });

  it('stops one that carries what was here before, a rollback, or what is refused here', () => {
    expect(claim(stop(), runs({ commit: 'good' }))).toEqual(['step.claimed', null]);
    expect(claim(stop(), runs({ rollback: true, commit: null }))).toEqual(['step.claimed', null]);
    const test = stop();
    const order = { name: 'quarantine', of: { commit: c9 } } as const;
    test.take({ type: 'order', seq: test.nextSeq(), order, who: ada, why: 'it leaks' });
    expect(claim(test, runs())).toEqual(['step.claimed', null]);
  });

  it('stops a newer change where a person chose the level', () => {
    const test = stop();
    claim(test, runs(), null);
    const order = { name: 'force', level: 'stuck' } as const;
    test.take({ type: 'order', seq: test.nextSeq(), order, who: ada, why: 'it hangs' }, { alarms: test.alarms() });
    expect(claim(test, runs())).toEqual(['step.claimed', null]);
  });

  it('waits while the stage cannot be read, while it is not known what runs, and while something mends it already', () => {
    expect(claim(stop(), null)).toEqual(['incident.waiting', 'the stage cannot be read']);
    expect(claim(stop(), runs({ commit: null }))[0]).toBe('incident.waiting');
    const healing = 'CodePipeline retries stage Deploy by itself';
    expect(claim(stop(), runs({ commit: 'good' }), { ...free, healing })).toEqual(['incident.waiting', healing]);
  });

  it('has nothing to do where nothing runs', () => {
    expect(claim(stop(), inStage())).toEqual(['incident.closed', expect.stringContaining('nothing to stop')]);
  });
});

describe('an act on a pipeline', () => {
  it('is granted on the very stage, or on the pipeline where AWS grants no less', () => {
    const onStage = [{ service: 'codepipeline', name: 'shop/Deploy' }];
    const onPipeline = [{ service: 'codepipeline', name: 'shop' }];
    expect(grantsOf({ type: 'retry-stage' }, shop())).toEqual([
      { actions: ['codepipeline:RetryStageExecution'], on: onStage },
    ]);
    expect(grantsOf({ type: 'stop-execution', abandon: false }, shop())).toEqual([
      { actions: ['codepipeline:StopPipelineExecution'], on: onPipeline },
    ]);
  });

  it.each<[string, ActionConfig]>([
    ['shop', { type: 'retry-stage' }],
    ['shop', { type: 'stop-execution', abandon: true }],
    ['network', { type: 'start-pipeline', pipeline: 'network' }],
  ])('that does not exist is not waited for: there is no %s for %o', (pipeline, action) => {
    const missing: Traffic = { newer: null, stageBusy: null, missing: true };
    expect(claim(failing(action), null, missing)).toEqual(['incident.closed', `there is no pipeline ${pipeline}`]);
  });

  it('that its own check no longer asks for is not begun', () => {
    const test = failing({ type: 'retry-stage' });
    test.silently('node', 'pass');
    expect(claim(test, inStage())).toEqual(['incident.waiting', 'no check fails any more']);
  });

  it('that is run waits for what mends that pipeline already, and for a way in that is closed', () => {
    const run = (): TestLadder => failing({ type: 'start-pipeline', pipeline: 'network' });
    const [healing, closed] = ['somebody rolls back already', 'the way into stage Test was closed by Ada: no'];
    expect(claim(run(), undefined, { ...free, healing })).toEqual(['incident.waiting', healing]);
    expect(claim(run(), undefined, { ...free, closed })).toEqual(['incident.waiting', closed]);
    expect(claim(run(), undefined)).toEqual(['step.claimed', null]);
  });

  it('keeps what was started by the id that its own service gave it, where it gave one', () => {
    const test = failing({ type: 'retry-stage' });
    claim(test, inStage());
    const [started] = test.result({ outcome: 'started', operation: 'd-1' });
    expect(started).toMatchObject({ type: 'step.started', operation: 'd-1' });
    expect(test.state().incident?.phase).toMatchObject({ operation: 'd-1' });
    const other = failing({ type: 'retry-stage' });
    claim(other, inStage());
    expect(other.result({ outcome: 'started', execution: 'x-9' })[0]).not.toHaveProperty('operation');
  });
});
