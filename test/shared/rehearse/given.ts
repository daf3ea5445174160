import { alarmsOf } from '../../../shared/config/checks.ts';
import type { Config, ServiceConfig } from '../../../shared/config/config.ts';
import { configGroup } from '../../../shared/config/on-record.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import type { CheckValue } from '../../../shared/ladder/events.ts';
import { type ActResult, type Input, type Order, noReadings, type Readings } from '../../../shared/ladder/input.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import { foldVersion, versionGroup } from '../../../shared/ladder/record.ts';
import { initialState, type LadderState } from '../../../shared/ladder/state.ts';
import { pastOf } from '../../../shared/rehearse/past.ts';
import type { Line } from '../../../shared/rehearse/line.ts';
import { rehearse } from '../../../shared/rehearse/together.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { begin, shop } from '../../harness/ladder.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };

export const configOf = (service: ServiceConfig, digest = 'recorded'): Config => ({
  digest,
  text: '',
  environments: [],
  services: [service],
  routes: [],
  topics: {},
});

/** A ladder and the lane that it is recorded on: what CloudWatch and CodePipeline say stands there too, heeded or not. */
export const lived = (first: ServiceConfig = shop()) => {
  let service = first;
  let config = configOf(service);
  const configs = [config];
  let now = begin;
  let state: LadderState = initialState;
  const iso = (ms = now): string => new Date(ms).toISOString();
  const trail = memoryTrail(() => new Date(now), 'escalator/1/r');
  const alarms: { [alarm: string]: { value: CheckValue; at: string; reason: string } } = {};

  const windows: { [alarm: string]: number } = {};

  const readings = (): Readings => ({
    ...noReadings,
    alarms: Object.fromEntries(
      alarmsOf(service).flatMap((alarm) =>
        alarms[alarm] === undefined
          ? []
          : [[alarm, { ...alarms[alarm], ...(windows[alarm] !== undefined && { window: windows[alarm] }) }]],
      ),
    ),
  });
  const take = async (input: Input, read: Partial<Readings> = {}): Promise<void> => {
    const on = { input, readings: { ...noReadings, ...read }, now: iso(), config: config.digest };
    const decision = decide(state, input, on.readings, on.now, service);
    if (decision.events.length === 0) return;
    const group = versionGroup(service, state, on, decision, source);
    await trail.append([group]);
    state = foldVersion(state, group.entries);
  };
  const say = async (said: Partial<Draft>, from: string, read: Partial<Readings> = {}): Promise<void> => {
    const key = `said-${trail.entries.length}`;
    await trail.append([{ key, entries: [draftOf({ ...said, source: { ...source, name: from } })] }]);
    const entry = trail.entries.at(-1) as Entry;
    for (const { input } of inputsOf(entry, config)) await take(input, read);
  };
  const actKey = (): string => (state.incident?.phase.name === 'acting' ? state.incident.phase.intent.actKey : 'none');

  return {
    config,
    /** something is put on record, and the ladder takes in what it is to it */
    say,
    /** every configuration that decided */
    configs,
    /** another configuration decides from now on */
    change: (next: ServiceConfig, digest: string) => {
      service = next;
      config = configOf(service, digest);
      configs.push(config);
    },
    state: () => state,
    entries: () => trail.entries,
    now: () => iso(),
    /** the configuration's text goes on record, as that of whatever decided so far */
    loaded: (text: string) => trail.append([configGroup({ digest: config.digest, text }, source)]),
    forward: (ms: number) => void (now += ms),
    /** an alarm changes, and CloudWatch tells of it */
    alarm: async (alarm: string, value: 'OK' | 'ALARM') => {
      const before = alarms[alarm];
      alarms[alarm] = { value: value === 'OK' ? 'pass' : 'fail', at: iso(), reason: 'it says so' };
      const previousState =
        before === undefined ? null : { value: before.value === 'pass' ? 'OK' : 'ALARM', timestamp: before.at };
      const detail = { alarm, value, at: iso(), event: { previousState } };
      await say({ kind: 'alarm.changed', reason: 'it says so', detail }, 'aws.cloudwatch');
    },
    /** how long an alarm takes to follow what it watches, as every reading tells it */
    slow: (alarm: string, window: number) => void (windows[alarm] = window),
    read: () => take({ type: 'read' }, readings()),
    /** moves to the ladder's timer, and lets it fire */
    timer: async (more: Partial<Readings> = {}) => {
      if (state.timer === null) throw new Error('there is no timer');
      now = Math.max(now, Date.parse(state.timer.due));
      await take({ type: 'timer', ...state.timer }, { ...readings(), ...more });
    },
    claim: () =>
      take(
        { type: 'claim', actKey: actKey(), holder: 'h', attempt: 'a' },
        {
          act: {
            released: true,
            alarms: readings().alarms,
            readAt: iso(),
            traffic: { newer: null, stageBusy: null },
            instances: ['i-1'],
          } as unknown as Readings['act'],
        },
      ),
    result: (result: Partial<ActResult>) =>
      say(
        {
          kind: 'step.result',
          detail: {
            ladder: service.ladder,
            actKey: actKey(),
            result: { outcome: 'started', reason: '', execution: null, instances: [], ...result },
          },
        },
        'escalator',
      ),
    deliver: async (
      commit: string,
      execution = `x-${commit}`,
      target: string | null = null,
      pipeline = service.pipeline,
      subject = `work of ${commit}`,
    ) => {
      const about = { execution, change: { repository: 'shop', commit } };
      const detail = { pipeline, stage: service.stage };
      const sourced = { commit, author: 'Ada', subject, contains: null };
      if (target === null)
        await say(
          { ...about, kind: 'action.succeeded', detail: { ...detail, category: 'Source' } },
          'aws.codepipeline',
          {
            sourced,
          },
        );
      await say({ ...about, kind: 'stage.succeeded', occurredAt: iso(), detail }, 'aws.codepipeline', {
        execution: { rollback: target !== null, target, commit: null },
      });
    },
    order: (order: Order, who = 'ben') =>
      say(
        {
          kind: 'order.given',
          actor: { type: 'person', id: who, name: who, verified: true },
          reason: 'because',
          detail: { ladder: service.ladder, order },
        },
        'escalator',
      ),
  };
};
export type Lived = ReturnType<typeof lived>;

/** A good release that baked, then a broken one whose smoke check fails. */
export const brokenRelease = async (service?: ServiceConfig, subject?: string): Promise<Lived> => {
  const past = lived(service);
  await past.alarm('shop-node', 'OK');
  await past.alarm('shop-smoke', 'OK');
  await past.deliver('good');
  past.forward(3_600_000);
  await past.read();
  await past.deliver('bad', 'x-bad', null, service?.pipeline, subject);
  past.forward(5_000);
  await past.alarm('shop-smoke', 'ALARM');
  return past;
};

/** Rehearses what was lived through another configuration; without what is the same. */
export const differing = (past: Lived, service: ServiceConfig, from = 0): Line[] =>
  rehearse(pastOf(past.entries(), past.configs), configOf(service, 'another'), service, from).filter(
    ({ type }) => type !== 'same',
  );

/** A line in words: `12:00:30 act: level deploy... | nothing (why)`. */
export const told = (lines: Line[]): string[] =>
  lines.map((line) => {
    const at = line.at.slice(11, 19);
    if (line.type === 'unknown') return `${at} unknown: ${line.why}`;
    if (line.type === 'again') return `${at} again, ${line.passed} passed by`;
    if (line.type === 'same') return `${at} same`;
    const sides = [line.recorded, line.rehearsed].map((said) => (said.length === 0 ? 'nothing' : said.join('; ')));
    return `${at} ${line.acts ? 'act' : 'word'}: ${sides.join(' | ')} (${line.why.join(', ')})`;
  });
