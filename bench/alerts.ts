/**
 * The pure alert core beside Debian's Prometheus Alertmanager, on the same alerts at the same times:
 * `node bench/alerts.ts [rounds] [shapes]`. Alertmanager gets them over HTTP, a hundred at a time on four connections,
 * and posts to a webhook here; when each arrived (the middle of its request) is kept, and the core is fed entries of those very times, its timers in
 * virtual time. Messages are counted exactly; CPU is that of Alertmanager's process, and of this one while it decides.
 * Alertmanager also speaks HTTP, which the core does not: that is said beside the figures. Its groups wait 0 s, and 1 s
 * between messages; so do ours. Where the package is missing, it says so and ends with 0.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyGroup, type GroupState } from '../shared/alert/group.ts';
import { alertInputsOf } from '../shared/alert/inputs-of.ts';
import type { AlertInput } from '../shared/alert/notice.ts';
import { tellersOf } from '../shared/alert/route.ts';
import { decide, evolve, nothingRead } from '../shared/alert/tell.ts';
import { defaultTiming } from '../shared/alert/timing.ts';
import type { Alert } from '../shared/ladder/events.ts';
import type { Entry } from '../shared/trail/entry.ts';

const rounds = Number(process.argv[2] ?? 3);
/** a: many in few groups; b: the same posted ten times; c: each its own group; d and e: ten times as many */
const shapes = {
  a: { alerts: 10_000, groups: 100, times: 1 },
  b: { alerts: 10_000, groups: 100, times: 10 },
  c: { alerts: 10_000, groups: 10_000, times: 1 },
  d: { alerts: 100_000, groups: 100, times: 1 },
  e: { alerts: 100_000, groups: 10_000, times: 1 },
};
type Shape = keyof typeof shapes;
const asked = (process.argv[3] ?? 'abcde').split('') as Shape[];
const batch = 100;
const connections = 4;

if (spawnSync('prometheus-alertmanager', ['--version']).status !== 0) {
  console.log('skipped: prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)');
  process.exit(0);
}

type Posted = { at: number; group: number; alert: number };
type Told = { messages: number; cpu: number };

const dir = mkdtempSync(join(tmpdir(), 'escalator-alerts-'));

/** CPU time of a process and of those it waited for, in ms (proc(5), fields 14 and 15, in hundredths of a second). */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const alertmanager = async (shape: Shape): Promise<Told & { posted: Posted[] }> => {
  let messages = 0;
  let last = Date.now();
  const webhook = createServer((request, response) => {
    messages += 1;
    last = Date.now();
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  const hook = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
  const config = join(dir, 'alertmanager.yml');
  const route = `{ receiver: hook, group_by: [group], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }`;
  writeFileSync(config, `route: ${route}\nreceivers: [{ name: hook, webhook_configs: [{ url: '${hook}' }] }]\n`);
  const port = 19_093 + Math.floor(Math.random() * 1_000);
  const address = `127.0.0.1:${port}`;
  const args = [
    `--config.file=${config}`,
    `--storage.path=${join(dir, `am-${port}`)}`,
    `--web.listen-address=${address}`,
  ];
  const process_ = spawn('prometheus-alertmanager', [...args, '--cluster.listen-address=', '--log.level=error'], {
    stdio: 'ignore',
  });
  const pid = process_.pid ?? 0;
  try {
    for (;;) {
      if (
        await fetch(`http://${address}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      await sleep(50);
    }
    const before = cpuOf(pid);
    const posted = await post(shape, `http://${address}/api/v2/alerts`);
    last = Date.now();
    while (Date.now() - last < 4_000) await sleep(200);
    return { messages, cpu: cpuOf(pid) - before, posted };
  } finally {
    process_.kill('SIGKILL');
    webhook.closeAllConnections();
    webhook.close();
  }
};

const post = async (shape: Shape, url: string): Promise<Posted[]> => {
  const { alerts, groups, times } = shapes[shape];
  const posted: Posted[] = [];
  const queue = Array.from({ length: (alerts / batch) * times }, (_, n) => n % (alerts / batch)).values();
  const worker = async (): Promise<void> => {
    for (const n of queue) {
      const some = Array.from({ length: batch }, (_, i) => n * batch + i);
      const body = some.map((alert) => ({
        labels: { alertname: `alarm-${alert}`, group: `g${alert % groups}`, service: 'shop', severity: 'ticket' },
        annotations: { summary: `alarm ${alert} fails` },
      }));
      const headers = { 'content-type': 'application/json' };
      const sentAt = Date.now();
      const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      if (status !== 200) throw new Error(`Alertmanager answered ${status}`);
      const at = Math.round((sentAt + Date.now()) / 2);
      posted.push(...some.map((alert) => ({ at, group: alert % groups, alert })));
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return posted;
};

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

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  core(Array.from({ length: 20_000 }, (_, n) => ({ at: 1_700_000_000_000 + n, group: n % 50, alert: n % 5_000 })));
  console.log(
    '| shape | messages, Alertmanager | messages, ours | CPU, Alertmanager (s) | CPU, ours (s) | ratio [min-max] |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const shape of asked) {
    const pairs: { theirs: Told; ours: Told }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const theirs = await alertmanager(shape);
      pairs.push({ theirs, ours: core(theirs.posted) });
    }
    const ratios = pairs.map(({ theirs, ours }) => ours.cpu / theirs.cpu);
    const of = (pick: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(pick));
    console.log(
      `| ${shape} | ${of(({ theirs }) => theirs.messages)} | ${of(({ ours }) => ours.messages)} ` +
        `| ${(of(({ theirs }) => theirs.cpu) / 1_000).toFixed(2)} | ${(of(({ ours }) => ours.cpu) / 1_000).toFixed(2)} ` +
        `| ${median(ratios).toFixed(2)} [${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}] |`,
    );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
