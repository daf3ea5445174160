/**
 * What an entry costs on its way into the trail, beside one plain PutItem per event through the same SDK on the same
 * endpoint: `node bench/append.ts [rounds] [entries]`. All of them in turns in one run; CPU time is that of the writer's
 * own process, and beside it that of both, since the store is part of what a machine pays. Two questions: the segment
 * put alone, and all of it (chained, deduplicated, markers written, indexed) by a writer that goes on from its last
 * segment. Twice: against the endpoint of one machine, on disk, and against a store that answers at once, since the
 * first spends about as much time on an entry as the writer does. Prints JSON and a table; checks its answers.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, PutItemCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { handlerFor as indexTrail } from '../functions/index-trail/handler.ts';
import { createRows } from '../functions/support/dynamo-rows.ts';
import { type Table, tableDefinition, tableOf, toItem } from '../functions/support/dynamo-table.ts';
import { createTrail } from '../functions/support/dynamo-trail.ts';
import { type Environment, environmentFrom } from '../functions/support/environment.ts';
import { readerRestMs, wakeable } from '../local/runtime/wakeable.ts';
import type { Group } from '../shared/trail/entry.ts';
import { keys } from '../shared/trail/keys.ts';
import { addLeaf, leafHash, rootOf } from '../shared/trail/merkle.ts';
import { buildSegment, emptyLane, type Head, type Proposal, propose } from '../shared/trail/segment.ts';
import { factsIn } from '../shared/event/facts-in.ts';
import { deliveryEvent } from '../test/harness/deliveries.ts';
import { workload } from '../test/harness/workload.ts';
import { context } from '../test/shared/event/harness.ts';

const rounds = Number(process.argv[2] ?? 7);
const entries = Number(process.argv[3] ?? 4_000);
const batch = 100;
/** Plain puts under way at once: more does not make this store faster. */
const atOnce = 16;
/** Batches in hand at once, as of the product's bulk queue on one machine; on AWS it has five. */
const inHand = 2;

/** Of one entry, in microseconds: CPU time of the writer alone, of writer and store together, and by the clock. */
type Cost = { cpu: number; both: number; wall: number };

const dir = mkdtempSync(join(tmpdir(), 'escalator-bench-'));
const start = async (file: string) => {
  const process = fork(fileURLToPath(new URL(file, import.meta.url)), [join(dir, 'table')], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [{ endpoint }] = (await once(process, 'message')) as [{ endpoint: string }];
  return { process, endpoint };
};
const stores = { onDisk: await start('table-process.ts'), atOnce: await start('quick-table-process.ts') };
type Store = keyof typeof stores;
let store: Store = 'onDisk';

const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system;
const cpuOfStore = async (): Promise<number> => {
  const heard = once(stores[store].process, 'message') as Promise<[{ cpu: NodeJS.CpuUsage }]>;
  stores[store].process.send('cpu');
  return sum((await heard)[0].cpu);
};

const costOf = async (work: () => Promise<void>): Promise<Cost> => {
  const theirs = await cpuOfStore();
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = (performance.now() - began) * 1_000;
  const ours = sum(process.cpuUsage(before));
  const both = ours + (await cpuOfStore()) - theirs;
  return { cpu: ours / entries, both: both / entries, wall: wall / entries };
};

let tables = 0;
const place = { account: '000000000000', region: 'us-east-1' };
const freshTable = async (): Promise<Environment> => {
  const environment = {
    ...environmentFrom({}),
    ...place,
    table: `trail-${(tables += 1)}`,
    endpoint: stores[store].endpoint,
  };
  const { client } = tableOf(environment);
  await client.send(new CreateTableCommand(tableDefinition(environment.table)));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 10 }, { TableName: environment.table });
  return environment;
};

const everyKind = workload();
const delivered = (n: number): Group => {
  const [group] = factsIn(JSON.stringify(deliveryEvent(n)), context).groups;
  if (group === undefined) throw new Error('an event without a fact');
  return group;
};
let made = 0;
/** No two rounds have the same entries. */
const freshGroups = (groupAt: (n: number) => Group): Group[] =>
  Array.from({ length: entries }, () => groupAt((made += 1)));
const inBatches = (groups: Group[]): Group[][] =>
  Array.from({ length: Math.ceil(groups.length / batch) }, (_, n) => groups.slice(n * batch, (n + 1) * batch));

/** An attribute a field; what is nested as text. */
const flat = (draft: object) =>
  Object.fromEntries(
    Object.entries(draft).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );

/** One item an event: nothing is chained, deduplicated or indexed. */
const plainPuts = ({ client, name }: Table, groups: Group[]): Promise<void> =>
  inTheHandsOf(atOnce, groups, ({ key, entries: [draft] }) => {
    const Item = toItem({ pk: key, sk: 'EVENT', ...flat(draft ?? {}) });
    return client.send(new PutItemCommand({ TableName: name, Item }));
  });

const lane = { lane: '000000000000.us-east-1', origin: 'escalator/000000000000/us-east-1' };

/** The commit alone: canonical, hashed, chained, compressed, put if nothing is there. In turn, as a writer does it. */
const segmentPuts = async ({ client, name }: Table, batches: Group[][]): Promise<Head> => {
  let head: Head = emptyLane;
  const put = async (proposals: Proposal[]): Promise<void> => {
    const segment = buildSegment(head, proposals, { ...lane, at: new Date().toISOString() });
    if (segment === null) throw new Error('a segment was too large: take fewer at once');
    const { groups: _, ...stored } = segment;
    const Item = toItem({ ...keys.segment(lane.lane, segment.n), ...stored });
    await client.send(new PutItemCommand({ TableName: name, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
    head = segment;
  };
  let turn = Promise.resolve();
  await inTheHandsOf(inHand, batches, (groups) => {
    const proposals = groups.map(propose);
    return (turn = turn.then(() => put(proposals)));
  });
  return head;
};

/** So many callers, each of whom takes the next when what it took before is done. */
const inTheHandsOf = async <T>(callers: number, all: T[], work: (one: T) => Promise<unknown>): Promise<void> => {
  const left = all.values();
  const caller = async (): Promise<void> => {
    for (const one of left) await work(one);
  };
  await Promise.all(Array.from({ length: callers }, caller));
};

/** All of it. The index follows as it does in the product: woken by each segment, beside the writer, one run at a time. */
const trailAppends = async (environment: Environment, batches: Group[][]): Promise<void> => {
  const index = indexTrail(environment);
  const indexer = wakeable('index-trail', index, console.error, readerRestMs);
  const trail = createTrail(environment, { wake: indexer.wake });
  await inTheHandsOf(inHand, batches, async (groups) => {
    const recorded = await trail.append(groups);
    if (recorded.some(({ status }) => status !== 'recorded')) throw new Error('a group was not recorded');
  });
  await indexer.stop();
  await index();
};

/** A fast wrong run is a failed run: every entry once, chain and tree right, and each found by its kind. */
const check = async (environment: Environment, groups: Group[], indexed: boolean): Promise<void> => {
  const segments = await createTrail(environment).since(0, 10_000);
  const found = segments.flatMap((segment) => segment.entries);
  if (found.map(({ factKey }) => factKey).join('\n') !== groups.map(({ key }) => key).join('\n'))
    throw new Error('the lane does not hold what was appended');
  found.forEach(({ prev, seq }, n) => {
    if (seq !== n || prev !== (found[n - 1]?.hash ?? emptyLane.head)) throw new Error(`the chain is broken at ${n}`);
  });
  if (!indexed) return;
  const rows = createRows(environment);
  for (const kind of new Set(found.map((entry) => entry.kind))) {
    const answers = (await rows.newest(`kind:${kind}`, 10_000)).flatMap(({ body }) => body['seqs'] as number[]);
    const wanted = found.filter((entry) => entry.kind === kind).length;
    if (answers.length !== wanted) throw new Error(`${kind}: ${answers.length} of ${wanted} found by the index`);
  }
};

const subjects = {
  plain: async (): Promise<Cost> => {
    const groups = freshGroups(delivered);
    const environment = await freshTable();
    return costOf(() => plainPuts(tableOf(environment), groups));
  },
  segment: async (): Promise<Cost> => {
    const groups = freshGroups(delivered);
    const environment = await freshTable();
    let head: Head = emptyLane;
    const cost = await costOf(async () => void (head = await segmentPuts(tableOf(environment), inBatches(groups))));
    await check(environment, groups, false);
    await checkRoot(environment, head);
    return cost;
  },
  trail: async (): Promise<Cost> => {
    const groups = freshGroups(delivered);
    const environment = await freshTable();
    const cost = await costOf(() => trailAppends(environment, inBatches(groups)));
    await check(environment, groups, true);
    return cost;
  },
  odd: (): Promise<Cost> => odd(),
};

/** As `trail`, of every kind of event there is, hardly two of a batch about the same thing: the index is at its largest. */
const odd = async (): Promise<Cost> => {
  const groups = freshGroups(everyKind);
  const environment = await freshTable();
  const cost = await costOf(() => trailAppends(environment, inBatches(groups)));
  await check(environment, groups, true);
  return cost;
};

const checkRoot = async (environment: Environment, head: Head): Promise<void> => {
  const found = (await createTrail(environment).since(0, 10_000)).flatMap((segment) => segment.entries);
  const frontier = found.reduce<string[]>((grown, { hash }, size) => addLeaf(grown, size, hash), []);
  if (rootOf(frontier) !== rootOf(head.frontier) || leafHash('') === '') throw new Error('the root is wrong');
};

type Subject = keyof typeof subjects;
const order: Subject[] = ['plain', 'segment', 'trail', 'odd'];
type Round = Record<Store, Record<Subject, Cost>>;
const oneRound = async (round: number): Promise<Round> => {
  const costs: Round = { onDisk: {}, atOnce: {} } as Round;
  for (store of ['onDisk', 'atOnce'] as const)
    for (const subject of round % 2 === 0 ? order : order.toReversed())
      costs[store][subject] = await subjects[subject]();
  return costs;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const spread = (values: number[], digits = 2): string =>
  `${median(values).toFixed(digits)} [${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}]`;

try {
  await oneRound(0);
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) measured.push(await oneRound(round));
  const of = (which: Store) => {
    const costs = measured.map((round) => round[which]);
    const beside = (subject: Subject) => ({
      rate: spread(costs.map((cost) => cost.plain.wall / cost[subject].wall)),
      cpu: spread(costs.map((cost) => cost[subject].cpu / cost.plain.cpu)),
      cpuWithStore: spread(costs.map((cost) => cost[subject].both / cost.plain.both)),
    });
    const anEntry = (what: keyof Cost) =>
      Object.fromEntries(
        order.map((subject) => {
          const values = costs.map((cost) => cost[subject][what]);
          return [subject, spread(values, 0)];
        }),
      );
    return {
      segment: beside('segment'),
      trail: beside('trail'),
      everyKindAtOnce: beside('odd'),
      microsecondsAnEntry: { cpu: anEntry('cpu'), cpuWithStore: anEntry('both'), clock: anEntry('wall') },
    };
  };
  const report = {
    entries,
    rounds,
    onDisk: of('onDisk'),
    atOnce: of('atOnce'),
    node: process.version,
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  };
  console.log(JSON.stringify(report, null, 2));
  console.log('| beside one plain PutItem per event | rate, times | CPU, times | CPU with the store | goal |');
  console.log('| --- | --- | --- | --- | --- |');
  const line = (what: string, { rate, cpu, cpuWithStore }: ReturnType<typeof of>['trail'], goal: string): void =>
    console.log(`| ${what} | ${rate} | ${cpu} | ${cpuWithStore} | ${goal} |`);
  const goals = ['rate at least 10', 'rate at least 2.5 (goal 5), CPU at most 0.4 (goal 0.2)'] as const;
  line('the segment put alone', report.onDisk.segment, goals[0]);
  line('chained, deduplicated, indexed', report.onDisk.trail, goals[1]);
  line('the segment, the store answering at once', report.atOnce.segment, '');
  line('all of it, the store answering at once', report.atOnce.trail, '');
} finally {
  for (const { process: one } of Object.values(stores)) one.disconnect();
  rmSync(dir, { recursive: true, force: true });
}
