/**
 * The pure alert core beside Debian's Prometheus Alertmanager, on the same alerts at the same times:
 * `node bench/alerts.ts [--rounds 3] [--shapes abcde] [--product]`. Alertmanager gets them over HTTP, a hundred at a time on
 * four connections, and posts to a webhook here; when each arrived (the middle of its request) is kept, and the core is
 * fed entries of those very times, its timers in virtual time. Messages are counted exactly; CPU is that of Alertmanager's
 * process, and of this one while it decides. Alertmanager also speaks HTTP, which the core does not: that is said beside the
 * figures. Its groups wait 0 s, and 1 s between messages; so do ours. With `--product` the functions are given a storm as
 * well, from the event to SNS, with everything put on record. Exits 1 where ours are more messages in any round. Where
 * the package is missing, it says so and ends with 0.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { logTo } from '../functions/support/log.ts';
import { emptyGroup, type GroupState } from '../shared/alert/group.ts';
import { alertInputsOf } from '../shared/alert/inputs-of.ts';
import type { AlertInput } from '../shared/alert/notice.ts';
import { tellersOf } from '../shared/alert/route.ts';
import { decide, evolve, nothingRead } from '../shared/alert/tell.ts';
import { defaultTiming } from '../shared/alert/timing.ts';
import type { Alert } from '../shared/ladder/events.ts';
import type { Entry } from '../shared/trail/entry.ts';
import { type Alertmanager, hasAlertmanager, startAlertmanager } from './alertmanager.ts';
import { alarmOf, configOfMany } from './many-services.ts';
import { listenTo } from './react/calls.ts';
import { batchOf, startEndpoint, startFunctions } from './react/functions.ts';

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    shapes: { type: 'string', default: 'abcde' },
    product: { type: 'boolean', default: false },
  },
});
const rounds = Number(given.rounds);
type Workload = { alerts: number; groups: number; times: number };
/** a: many in few groups; b: the same posted ten times; c: each its own group; d and e: ten times as many */
const shapes: { [shape: string]: Workload } = {
  a: { alerts: 10_000, groups: 100, times: 1 },
  b: { alerts: 10_000, groups: 100, times: 10 },
  c: { alerts: 10_000, groups: 10_000, times: 1 },
  d: { alerts: 100_000, groups: 100, times: 1 },
  e: { alerts: 100_000, groups: 10_000, times: 1 },
};
const storm: Workload = { alerts: 1_000, groups: 10, times: 1 };
const batch = 100;
const connections = 4;

type Posted = { at: number; group: number; alert: number };
type Told = { messages: number; cpu: number };

const alertmanager = async (workload: Workload): Promise<Told & { posted: Posted[] }> => {
  let messages = 0;
  let last = Date.now();
  const running = await startAlertmanager({ wait: '0s', interval: '1s' }, () => {
    messages += 1;
    last = Date.now();
  });
  try {
    const before = running.cpu();
    const posted = await post(workload, running);
    last = Date.now();
    while (Date.now() - last < 4_000) await sleep(200);
    return { messages, cpu: running.cpu() - before, posted };
  } finally {
    running.stop();
  }
};

const post = async ({ alerts, groups, times }: Workload, to: Alertmanager): Promise<Posted[]> => {
  const posted: Posted[] = [];
  const queue = Array.from({ length: (alerts / batch) * times }, (_, n) => n % (alerts / batch)).values();
  const worker = async (): Promise<void> => {
    for (const n of queue) {
      const some = Array.from({ length: batch }, (_, i) => n * batch + i);
      const sentAt = Date.now();
      await to.post(some.map((alert) => alertOf(alert, alert % groups)));
      const at = Math.round((sentAt + Date.now()) / 2);
      posted.push(...some.map((alert) => ({ at, group: alert % groups, alert })));
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return posted;
};

const alertOf = (alert: number, group: number) => ({
  labels: { alertname: `alarm-${alert}`, group: `g${group}`, service: 'shop', severity: 'ticket' },
  annotations: { summary: `alarm ${alert} fails` },
});

const entryOf = ({ group, alert: n }: Posted, seq: number): Entry => {
  const alert: Alert = {
    id: `alarm-${n}`,
    incident: `alarm-${n}`,
    environment: 'production',
    service: `g${group}`,
    severity: 'warning',
    headline: `alarm ${n} fails`,
    change: null,
    author: null,
    subject: null,
    failing: [`alarm-${n}`],
    done: [],
    next: 'nothing',
  };
  return { seq, kind: 'alert.raised', source: { name: 'escalator' }, detail: { alert } } as unknown as Entry;
};

/** The core alone: entries in, messages out, timers in virtual time. */
const core = (posted: Posted[]): Told => {
  const entries = posted
    .toSorted((one, other) => one.at - other.at)
    .map((one, seq) => ({ at: one.at, entry: entryOf(one, seq) }));
  const tellers = tellersOf({
    timing: { ...defaultTiming, wait: 0, interval: 1_000 },
    routes: [{ match: { environment: ['production'] }, to: 'sre' }],
    topics: { sre: { sns: 'sre' } },
  });
  const groups = new Map<string, GroupState>();
  let messages = 0;
  let told = 0;
  const take = (group: string, input: AlertInput, at: number): void => {
    const state = groups.get(group) ?? emptyGroup;
    const now = new Date(at).toISOString();
    const decision = decide(group, state, input, nothingRead, now, tellers);
    if (decision.message !== null) messages += 1;
    if (decision.recorded) groups.set(group, evolve(state, { ...decision, input, now, version: state.version + 1 }));
  };
  const timersUntil = (at: number): void => {
    for (const [group, { timer }] of groups)
      if (timer !== null && Date.parse(timer.due) <= at)
        take(group, { type: 'timer', ...timer }, Date.parse(timer.due));
  };
  const before = process.cpuUsage();
  let swept = entries[0]?.at ?? 0;
  for (const { at, entry } of entries) {
    if (at - swept >= 100) timersUntil((swept = at));
    const [addressed] = alertInputsOf(entry, tellers);
    if (addressed === undefined) throw new Error('an entry that is nothing to tell');
    take(addressed.group, addressed.input, at);
    told += 1;
  }
  timersUntil(swept + 3_600_000);
  const { user, system } = process.cpuUsage(before);
  const untold = [...groups.values()].filter((state) => state.untold !== null);
  if (untold.length > 0 || told !== posted.length) throw new Error(`${untold.length} groups were never told`);
  return { messages, cpu: (user + system) / 1_000 };
};

/** So long without a call, and nothing is under way (ms). */
const quietAfter = 3_000;

/** All functions from the event to SNS, with their index, on the endpoint of one machine in another process. */
const product = async ({ alerts, groups }: Workload): Promise<Told> => {
  const config = configOfMany(groups, alerts / groups);
  const { environment, stop } = await startEndpoint(config.file);
  const functions = startFunctions(environment, { indexed: true });
  let messages = 0;
  let last = Date.now();
  listenTo(({ command }) => {
    last = Date.now();
    if (command.constructor.name === 'PublishCommand') messages += 1;
  });
  const before = process.cpuUsage();
  for (let from = 0; from < alerts; from += batch) {
    const some = Array.from({ length: batch }, (_, n) => from + n);
    await functions.take(
      batchOf(
        some.map((n) => alarmOf(n % groups, Math.floor(n / groups))),
        environment,
      ),
    );
  }
  while (Date.now() - last < quietAfter) await sleep(200);
  const { user, system } = process.cpuUsage(before);
  await functions.stop();
  await stop();
  config.remove();
  return { messages, cpu: (user + system) / 1_000 };
};

const spread = (values: number[], digits: number): string => {
  const [least = 0, ...others] = values.toSorted((one, other) => one - other);
  const median = [least, ...others][Math.floor(values.length / 2)] ?? 0;
  const shown = (value: number): string => value.toFixed(digits);
  return others.length === 0 ? shown(least) : `${shown(median)} [${shown(least)}-${shown(others.at(-1) ?? 0)}]`;
};

/** One shape, so many rounds; answers whether ours were never more. */
const compare = async (shape: string, workload: Workload): Promise<boolean> => {
  const pairs: { theirs: Told; ours: Told }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const theirs = await alertmanager(workload);
    pairs.push({ theirs, ours: core(theirs.posted) });
  }
  const of = (pick: (pair: (typeof pairs)[number]) => number, digits: number): string =>
    spread(pairs.map(pick), digits);
  const cells = [
    of(({ theirs }) => theirs.messages, 0),
    of(({ ours }) => ours.messages, 0),
    of(({ theirs }) => theirs.cpu / 1_000, 2),
    of(({ ours }) => ours.cpu / 1_000, 2),
    of(({ ours, theirs }) => ours.cpu / theirs.cpu, 2),
  ];
  console.log(`| ${shape} | ${cells.join(' | ')} |`);
  return pairs.every(({ ours, theirs }) => ours.messages <= theirs.messages);
};

if (!hasAlertmanager()) process.exit(0);
logTo(() => {});
core(Array.from({ length: 20_000 }, (_, n) => ({ at: 1_700_000_000_000 + n, group: n % 50, alert: n % 5_000 })));
console.log('| shape | messages, theirs | messages, ours | CPU, theirs (s) | CPU, ours (s) | CPU, ours to theirs |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const [shape, workload] of Object.entries(shapes))
  if (given.shapes.includes(shape) && !(await compare(shape, workload))) process.exitCode = 1;
if (given.product) {
  const [theirs, ours] = [await alertmanager(storm), await product(storm)];
  const seconds = ({ cpu }: Told): string => (cpu / 1_000).toFixed(2);
  console.log(
    `the whole product, ${storm.alerts} alarms of ${storm.groups} services: ${ours.messages} messages, ${seconds(ours)} s CPU; ` +
      `Alertmanager: ${theirs.messages} messages, ${seconds(theirs)} s CPU`,
  );
}
