import { type Limits, reconcile, type ReconcileReport, type Services } from '../../functions/reconcile/reconcile.ts';
import type { CallRead } from '../../functions/support/call-history.ts';
import { paced } from '../../functions/support/pace.ts';
import type { Config } from '../../shared/config/config.ts';
import { factsIn } from '../../shared/event/facts-in.ts';
import type { AlarmItem } from '../../shared/reconcile/alarm-history.ts';
import type { Heads } from '../../shared/reconcile/branches.ts';
import type { DeploymentRead } from '../../shared/reconcile/deployments.ts';
import type { ActionRead, ExecutionRead } from '../../shared/reconcile/executions.ts';
import type { StackEventRead } from '../../shared/reconcile/stacks.ts';
import { rowsOf } from '../../shared/question/rows.ts';
import type { Group, Recorded } from '../../shared/trail/entry.ts';
import { readers } from '../../shared/trail/readers.ts';
import { context } from '../shared/event/harness.ts';
import { memoryCursors } from '../simulation/memory.ts';
import { shop } from './ladder.ts';
import { memoryRows, memoryTrail } from './memory-trail.ts';

/** What services keep of their past, as a test sets it; executions newest first. */
export type Kept = {
  executions: (ExecutionRead & { actions: ActionRead[] })[];
  items: AlarmItem[];
  deployments: DeploymentRead[];
  heads: Heads;
  /** of any stack, newest first */
  stackEvents: StackEventRead[];
  /** newest first */
  calls: CallRead[];
};

const nothingKept = (): Kept => ({
  executions: [],
  items: [],
  deployments: [],
  heads: {},
  stackEvents: [],
  calls: [],
});

export const configOf = (): Config => ({
  digest: 'd',
  text: '',
  environments: [],
  services: [shop({ checks: { smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' } } })],
  routes: [],
  topics: {},
});

export const source = { name: 'escalator', account: context.account, region: context.region, id: null, digest: null };

type Call = <Answer>(name: string, answer: () => Answer) => Promise<Answer>;

/** Services that answer with what is kept, a page at a time. */
const servicesOf = (kept: Kept, call: Call, pageSize: number): Services => ({
  pipelines: {
    executions: (_pipeline, token) =>
      call(`executions ${token}`, () => {
        const start = token === null ? 0 : kept.executions.findIndex(({ id }) => id === token) + 1;
        if (token !== null && start === 0) return 'stale' as const;
        const page = kept.executions.slice(start, start + pageSize);
        const more = start + pageSize < kept.executions.length;
        return { executions: page, token: more ? (page.at(-1)?.id ?? null) : null };
      }),
    actions: (_pipeline, id) =>
      call(`actions ${id}`, () => kept.executions.find((one) => one.id === id)?.actions ?? []),
  },
  alarms: {
    changes: async function* (alarm, from, until) {
      yield await call(`history ${alarm}`, () =>
        kept.items.filter((item) => item.alarm === alarm && item.at >= from && item.at <= until),
      );
    },
  },
  deployments: {
    created: (_application, _group, from, until) =>
      call('deployments', () =>
        kept.deployments.filter((one) => one.createdAt >= from && one.createdAt < until).map(({ id }) => id),
      ),
    deployment: (id) => call(`deployment ${id}`, () => kept.deployments.find((one) => one.id === id) ?? null),
  },
  branches: { heads: () => call('heads', () => kept.heads) },
  stacks: {
    events: (_stack, token) =>
      call(`stack ${token}`, () => {
        const start = Number(token ?? 0);
        const end = start + pageSize;
        return {
          events: kept.stackEvents.slice(start, end),
          token: end < kept.stackEvents.length ? String(end) : null,
        };
      }),
  },
  calls: {
    until: async function* (time) {
      const found = kept.calls.filter(({ at }) => at <= time);
      for (let start = 0; start === 0 || start < found.length; start += pageSize)
        yield await call('lookup', () => ({
          calls: found.slice(start, start + pageSize),
          isLast: start + pageSize >= found.length,
        }));
    },
  },
});

/** The reconciler over a trail in memory and services that keep what a test says. Time is moved, never slept. */
export const reconciling = (begin: string, config = configOf()) => {
  let now = Date.parse(begin);
  const clock = (): Date => new Date(now);
  const trail = memoryTrail(clock);
  const rows = memoryRows();
  const cursors = memoryCursors();
  const kept = nothingKept();
  const keptElsewhere = nothingKept();
  /** what is called, in order; one that a test names fails */
  const calls: string[] = [];
  const failing = new Map<string, Error>();
  const pageSize = 10;
  let indexing = true;
  const index = async (): Promise<void> => {
    if (!indexing) return;
    const from = await cursors.get(readers.index);
    for (const { segment, entries } of await trail.since(from, 10_000)) {
      await rows.put(rowsOf(segment, entries, new Map()));
      await cursors.advance(readers.index, segment + 1);
    }
  };
  const append = async (groups: Group[]): Promise<Recorded[]> => {
    const failure = failing.get('append');
    if (failure !== undefined) throw failure;
    const recorded = await trail.append(groups);
    await index();
    return recorded;
  };
  const pace = paced(() => Promise.resolve(), 0);
  const call = <Answer>(name: string, answer: () => Answer): Promise<Answer> =>
    pace(() => {
      calls.push(name);
      const failure = failing.get(name);
      return failure === undefined ? Promise.resolve(answer()) : Promise.reject(failure);
    });
  const reports: ReconcileReport[] = [];
  const run = (limits: Partial<Limits> = {}) =>
    reconcile({
      trail: { ...trail, append },
      rows,
      cursors,
      objects: { put: () => Promise.resolve() },
      context,
      source,
      config,
      services: (at) =>
        at === undefined
          ? servicesOf(kept, call, pageSize)
          : servicesOf(keptElsewhere, (name, answer) => call(`${name} at ${at}`, answer), pageSize),
      callsMade: pace.made,
      now: clock,
      limits: { grace: 120_000, runFor: 200_000, callsEach: 150, lookupsEach: 50, settle: 900_000, ...limits },
      report: (report) => void reports.push(report),
    })();
  return {
    trail,
    kept,
    /** the same where an environment is elsewhere */
    keptElsewhere,
    calls,
    failing,
    run,
    reports,
    now: clock,
    forward: (ms: number) => void (now += ms),
    moveTo: (at: string) => void (now = Math.max(now, Date.parse(at))),
    /** an event comes, and is recorded */
    push: async (event: object) => void (await append(factsIn(JSON.stringify(event), context).groups)),
    /** what is recorded from now on is not indexed */
    stopIndex: () => void (indexing = false),
    observed: () => trail.entries.filter((entry) => entry.source.name !== 'escalator'),
  };
};
