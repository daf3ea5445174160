import type { LevelConfig, ServiceConfig } from '../../shared/config/config.ts';
import { type Decision, decide } from '../../shared/ladder/decide.ts';
import { describeIntent } from '../../shared/ladder/actions.ts';
import type { Known } from '../../shared/ladder/actions/action.ts';
import type { CheckValue, LadderEvent } from '../../shared/ladder/events.ts';
import { type ActResult, type Input, noReadings, type Readings } from '../../shared/ladder/input.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';
import { type DecidedOn, foldVersion, versionGroup } from '../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../shared/ladder/state.ts';

/** A ladder in a test: time is moved, never slept; every decision is folded from what would stand on the trail. */
export type TestLadder = ReturnType<typeof ladder>;

const source = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
export const begin = Date.parse('2026-11-21T12:00:00.000Z');

export const shop = (over: Partial<ServiceConfig> = {}): ServiceConfig => ({
  environment: 'production',
  service: 'shop',
  above: null,
  ladder: 'production/shop',
  pipeline: 'shop',
  stage: 'Deploy',
  repository: 'shop',
  checks: {
    node: { name: 'node', alarm: 'shop-node', level: 'node' },
    smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' },
  },
  levels: [level('node', { do: { type: 'replace-instances', group: 'shop-asg' } }), level('deploy')],
  quiescence: 30_000,
  settle: 30_000,
  verify: { every: 30_000, times: 3, within: 600_000 },
  revoked: [],
  bake: 3_600_000,
  bakeWhenReplaced: 600_000,
  suspectFor: 7_200_000,
  attempts: 3,
  stepDeadline: 900_000,
  poll: 60_000,
  freeAfter: 1_800_000,
  askFor: 900_000,
  approvers: 1,
  handsOff: 900_000,
  budgets: { runsPerHour: 3, runsPerDay: 6, rollbacksPerDay: 1, failedRuns: 2 },
  ...over,
});

export const level = (name: string, over: Partial<LevelConfig> = {}): LevelConfig => ({
  level: name,
  do: { type: 'redeploy' },
  quiescence: 60_000,
  mode: 'act',
  drastic: false,
  limit: 1,
  ...over,
});

export const ladder = (config: ServiceConfig = shop()) => {
  let state: LadderState = initialState;
  let now = begin;
  let seq = 0;
  const alarms: { [alarm: string]: CheckValue } = {};
  const versions: { on: DecidedOn; before: LadderState; decision: Decision }[] = [];
  const iso = (ms = now): string => new Date(ms).toISOString();
  const readAlarms = (): Readings['alarms'] =>
    Object.fromEntries(
      Object.entries(alarms).map(([alarm, value]) => [alarm, { value, at: sinceOf(alarm), reason: 'read' }]),
    );
  const changed: { [alarm: string]: number } = {};
  const sinceOf = (alarm: string): string => iso(changed[alarm] ?? begin);

  const take = (input: Input, readings: Partial<Readings> = {}): readonly LadderEvent[] => {
    const all = { ...noReadings, ...readings };
    const decision = decide(state, input, all, iso(), config);
    if (decision.events.length === 0) return decision.events;
    const on: DecidedOn = { input, readings: all, now: iso(), config: 'digest' };
    versions.push({ on, before: state, decision });
    state = foldVersion(state, versionGroup(config, state, on, decision, source).entries);
    return decision.events;
  };

  const nextSeq = (): number => (seq += 1);
  const set = (check: string, value: CheckValue): void => {
    const alarm = config.checks[check]?.alarm ?? check;
    if (alarms[alarm] !== value) changed[alarm] = now;
    alarms[alarm] = value;
  };

  return {
    config,
    versions,
    state: () => state,
    now: () => iso(),
    take,
    nextSeq,
    actKey: () => actKeyOf(state),
    alarms: readAlarms,
    /** moves time, nothing else */
    forward(ms: number) {
      now += ms;
    },
    /** a check's alarm changes, and the event of it arrives */
    alarm(check: string, value: CheckValue) {
      set(check, value);
      const alarm = config.checks[check]?.alarm ?? check;
      return take({ type: 'alarm', seq: nextSeq(), alarm, value, at: iso(), reason: 'event' });
    },
    /** a check's alarm changes, and no event of it arrives */
    silently: set,
    read: () => take({ type: 'read' }, { alarms: readAlarms() }),
    /** moves to the ladder's timer and lets it fire */
    timer(readings: Partial<Readings> = {}) {
      const timer = state.timer ?? { version: -1, due: iso() };
      now = Math.max(now, Date.parse(timer.due));
      return take({ type: 'timer', ...timer }, { alarms: readAlarms(), ...readings });
    },
    sourced: (execution: string, commit: string, contains: string | null = null) =>
      take(
        { type: 'sourced', seq: nextSeq(), execution, commit },
        { sourced: { commit, author: 'Ada', subject: `work of ${commit}`, contains } },
      ),
    stage: (execution: string, outcome = 'succeeded', target: string | null = null) =>
      take(
        { type: 'stage', seq: nextSeq(), execution, outcome, startedAt: iso(now - 1_000), at: iso(), reason: '' },
        { execution: { rollback: target !== null, target, commit: null } },
      ),
    result(result: Partial<ActResult>, actKey = actKeyOf(state)) {
      const full: ActResult = { outcome: 'started', reason: '', execution: null, instances: [], ...result };
      return take({ type: 'result', seq: nextSeq(), actKey, result: full });
    },
    /** a release goes out in the ordinary way */
    deliver(commit: string, contains: string | null = null) {
      this.sourced(`x-${commit}`, commit, contains);
      return this.stage(`x-${commit}`);
    },
    /** a redeployment that was intended is started, and its stage succeeds */
    carryOut(execution: string) {
      const phase = state.incident?.phase;
      const target =
        phase?.name === 'acting' && phase.intent.action === 'redeploy' ? phase.intent.release.execution : null;
      this.result({ outcome: 'started', execution });
      return this.stage(execution, 'succeeded', target);
    },
  };
};

export const actKeyOf = (state: LadderState): string =>
  state.incident?.phase.name === 'acting' ? state.incident.phase.intent.actKey : 'none';

/** A ladder with a release that is good: baked with all checks passing. */
export const healthy = (config: ServiceConfig = shop()): TestLadder => {
  const test = ladder(config);
  for (const check of Object.keys(config.checks)) test.alarm(check, 'pass');
  test.deliver('good');
  test.forward(config.bake);
  test.read();
  return test;
};

/** The kinds of what was said, without the bookkeeping. */
export const kinds = (events: readonly LadderEvent[]): string[] =>
  events.map(({ type }) => type).filter((type) => type !== 'timer.set' && type !== 'alert.raised');

/** What a decision intends to do, in words. */
export const intends = (events: readonly LadderEvent[]): string | null => {
  const intended = events.find((event) => event.type === 'step.intended');
  if (intended?.type !== 'step.intended') return null;
  const { intent } = intended;
  if (intent.action === 'replace-instances') return `replace ${intent.group}`;
  if (intent.action === 'start-pipeline') return `run ${intent.pipeline}`;
  if (intent.action !== 'redeploy') return describeIntent(intent);
  return `${intent.forCause === null ? 'redeploy' : 'go back to'} ${intent.release.commit}`;
};

/** For the last question before an act, where the ladder knows nothing that bears on it. */
export const nothingKnown: Known = {
  chosen: false,
  openedAt: '2026-11-21T11:00:00.000Z',
  refusal: () => null,
  delivered: () => false,
  limit: null,
};

/** A service whose budgets never stand in the way. */
export const wide = shop({ budgets: { runsPerHour: 99, runsPerDay: 99, rollbacksPerDay: 99, failedRuns: 99 } });

/** A broken release is out, and its smoke check fails. */
export const broken = (test: TestLadder = healthy()): TestLadder => {
  test.deliver('bad');
  test.forward(5_000);
  test.alarm('smoke', 'fail');
  return test;
};

/** Its quiescence is over, and a step is intended. */
export const acting = (test = broken()): TestLadder => {
  test.timer();
  return test;
};

/** The node and the smoke check fail together, and the first step is intended. */
export const bothDown = (): TestLadder => {
  const test = healthy();
  test.alarm('smoke', 'fail');
  test.alarm('node', 'fail');
  return acting(test);
};

/** The node that was given up was replaced. */
export const replaced = (test: TestLadder) => {
  test.result({ outcome: 'started', instances: ['i-1'] });
  return test.timer({ outcome: { status: 'done', reason: 'in service' } });
};

/** Somebody takes the act on that is intended; all that is read lets them, but for what is said. */
export const claim = (test: TestLadder, over: Partial<ActReadings> = {}, actKey = test.actKey()) => {
  const traffic = { newer: null, stageBusy: null };
  const act = { released: true, alarms: test.alarms(), readAt: test.now(), traffic, instances: null, ...over };
  return test.take({ type: 'claim', actKey, holder: 'me', attempt: '1' }, { act });
};

/** The broken release was redeployed in vain and gone back from, and all is well again. */
export const wentBack = (test: TestLadder = broken(healthy(wide))): TestLadder => {
  test.timer();
  test.carryOut('r-1');
  verifyAll(test);
  test.carryOut('r-2');
  test.alarm('smoke', 'pass');
  verifyAll(test);
  return test;
};

/** Goes through settling and verifying with the checks as they are. */
export const verifyAll = (test: TestLadder) => {
  test.timer(); // quiescence of the step -> settling
  test.timer(); // settling -> verifying
  test.timer();
  test.timer();
  return test.timer();
};

/** Alarms as they are read before a drastic act: those that fail are borne out by their metric. */
export const borneOut = (alarms: Readings['alarms']): Readings['alarms'] => {
  const rule = { comparison: 'GreaterThanThreshold', threshold: 0, of: 1, needed: 1, missing: 'missing' } as const;
  const withMetric = Object.entries(alarms ?? {}).map(([alarm, reading]) => [
    alarm,
    reading.value === 'fail' ? { ...reading, metric: { rule, values: [0, 0, 1] } } : reading,
  ]);
  return Object.fromEntries(withMetric) as Readings['alarms'];
};
