import type { Config } from '../../shared/config/config.ts';
import { type Home, membersOf } from '../../shared/config/member.ts';
import type { Clock, Cursors, Rows, Trail } from '../../shared/ports.ts';
import { readUntil } from '../../shared/reconcile/progress.ts';
import { allTargets, type Target, targetName } from '../../shared/reconcile/targets.ts';
import type { Entry, Instant } from '../../shared/trail/entry.ts';
import { readers } from '../../shared/trail/readers.ts';
import type { AlarmHistory } from '../support/alarm-history.ts';
import type { Branches } from '../support/branches.ts';
import type { DeploymentHistory } from '../support/deployment-history.ts';
import type { CallHistory } from '../support/call-history.ts';
import type { PipelineHistory } from '../support/pipeline-history.ts';
import type { StackHistory } from '../support/stack-history.ts';
import type { Batch, Run } from './batch.ts';
import { readAlarm } from './read-alarm.ts';
import { readBranches } from './read-branches.ts';
import { readCalls } from './read-calls.ts';
import { readDeployments } from './read-deployments.ts';
import { readPipeline } from './read-pipeline.ts';
import { readStack } from './read-stack.ts';
import { answersTo, record, type Recorded, type RecordPorts } from './record.ts';

export type ReconcilePorts = RecordPorts & {
  trail: Pick<Trail, 'since'>;
  rows: Pick<Rows, 'states' | 'put'>;
  cursors: Pick<Cursors, 'get'>;
  config: Config;
  /** what the services keep, at home or where an environment is elsewhere */
  services: (at: string | undefined) => Services;
  /** calls made so far, wherever */
  callsMade: () => number;
  now: Clock;
  limits: Limits;
  /** is told how far a run came, and what went wrong */
  report: (line: ReconcileReport) => void;
};

export type Services = {
  pipelines: PipelineHistory;
  alarms: AlarmHistory;
  deployments: DeploymentHistory;
  branches: Branches;
  stacks: StackHistory;
  calls: CallHistory;
};

export type Limits = {
  /** what happened less long ago is left to the events that tell it (ms) */
  grace: number;
  /** how long a run goes on to begin with something new (ms) */
  runFor: number;
  /** calls for one target in a run: then it is the turn of the next */
  callsEach: number;
  /** the same of what CloudTrail is asked, which takes few calls a second */
  lookupsEach: number;
  /** what CloudTrail may not tell of yet (ms) */
  settle: number;
};

/** `lag`: how far (ms) what was read of the target that is behind most lies back; null where nothing was read yet. */
export type ReconcileReport = Recorded & { lag: number | null; failed: { target: string; error: unknown }[] };

type Kept = { target: Target; progress: unknown; servedAt: Instant | null };

/**
 * Reads what services say of the past, and puts on record what events did not tell. Bounded: what it does not get done
 * the next run goes on with, those first that waited longest. What fails for one target does not keep the others.
 */
export const reconcile = (ports: ReconcilePorts) => async (): Promise<void> => {
  const begun = ports.now();
  const until = new Date(begun.getTime() - ports.limits.grace).toISOString();
  const report: ReconcileReport = { late: 0, backfilled: 0, gaps: 0, lag: null, failed: [] };
  const targets = await keptOf(ports);
  // What stands on record and is not in the index yet would be told again.
  if (!(await isIndexed(ports, until))) return ports.report({ ...report, ...lagOf(targets, begun), failed: [behind] });
  const run: Saves = { number: begun.getTime() * 1_000, until, began: await beganAt(ports, begun), begun };
  for (const kept of targets.toSorted(leastRecent)) {
    if (isOver(ports, run)) break;
    try {
      await catchUp(ports, run, kept, report);
    } catch (error) {
      report.failed.push({ target: targetName(kept.target), error });
    }
  }
  ports.report({ ...report, ...lagOf(await keptOf(ports), ports.now()) });
};

const behind = {
  target: 'index',
  error: new Error('the index is behind the lane: what is on record already cannot be looked up'),
};

const leastRecent = (a: Kept, b: Kept): number => (a.servedAt ?? '').localeCompare(b.servedAt ?? '');

/** Whether a run begins with nothing new any more. */
const isOver = ({ now, limits }: ReconcilePorts, { begun }: Saves): boolean =>
  now().getTime() - begun.getTime() >= limits.runFor;

const homeOf = ({ context }: ReconcilePorts): Home => ({ account: context.account, region: context.region });

/** Where what is read of a target happened: events say it, answers do not. */
const placeOf = (ports: ReconcilePorts, { at }: Target): Run['place'] => {
  const home = homeOf(ports);
  const member = membersOf(ports.config, home).find(({ environment }) => environment === at);
  return member === undefined ? home : { account: member.account, region: member.region };
};

const questionOf = (target: Target): string => `reconciled:${targetName(target)}`;

const keptOf = async (ports: ReconcilePorts): Promise<Kept[]> => {
  const targets = allTargets(ports.config, homeOf(ports));
  const states = await ports.rows.states(targets.map(questionOf));
  return targets.map((target) => {
    const body = states.find(({ question }) => question === questionOf(target))?.body;
    return { target, progress: body?.['progress'] ?? null, servedAt: (body?.['servedAt'] ?? null) as Instant | null };
  });
};

/** When the trail's first entry was recorded; now, where there is none yet. */
const beganAt = async ({ trail }: ReconcilePorts, now: Date): Promise<Instant> => {
  const [first] = await trail.since(0, 1);
  return first?.entries[0]?.observedAt ?? now.toISOString();
};

const isIndexed = async ({ cursors, trail }: ReconcilePorts, until: Instant): Promise<boolean> => {
  const [unread] = await trail.since(await cursors.get(readers.index), 1);
  const since = unread?.entries[0]?.observedAt;
  return since === undefined || since > until;
};

/** A later run counts more than an earlier one, and in a run what was saved last. */
type Saves = Omit<Run, 'place'> & { number: number; begun: Date };

const catchUp = async (ports: ReconcilePorts, run: Saves, kept: Kept, report: ReconcileReport): Promise<void> => {
  const before = ports.callsMade();
  const most = kept.target.of === 'calls' ? ports.limits.lookupsEach : ports.limits.callsEach;
  for await (const batch of batchesOf(ports, { ...run, place: placeOf(ports, kept.target) }, kept)) {
    const gaps = batch.gaps.map((gap) => ({ ...gap, target: kept.target }));
    const recorded = await record(ports, run, { ...batch, gaps });
    report.late += recorded.late;
    report.backfilled += recorded.backfilled;
    report.gaps += recorded.gaps;
    if (batch.progress === null) continue;
    await save(ports, kept.target, batch.progress, (run.number += 1));
    if (ports.callsMade() - before >= most || isOver(ports, run)) return;
  }
};

/** Progress is kept as it was made: each target's own reader reads it again. */
const batchesOf = (ports: ReconcilePorts, run: Run, { target, progress }: Kept): AsyncIterable<Batch<unknown>> => {
  const { pipelines, alarms, deployments, branches, stacks, calls } = ports.services(target.at);
  switch (target.of) {
    case 'pipeline':
      return readPipeline(pipelines, target.pipeline, progress as never, run);
    case 'alarm':
      return readAlarm(alarms, target.alarm, progress as never, run);
    case 'deployments':
      return readDeployments(deployments, target, progress as never, run);
    case 'stack':
      return readStack(stacks, target.stack, progress as never, run);
    case 'calls':
      return readCalls(calls, progress as never, run, ports.limits.settle);
    case 'branches': {
      const now = () => ports.now().toISOString();
      return readBranches({ branches, about: aboutIn(ports), now }, target.repository, progress as never, run);
    }
  }
};

const aboutIn =
  (ports: ReconcilePorts) =>
  async (subject: string, since: Instant): Promise<Entry[]> =>
    (await answersTo(ports, `subject:${subject}`))
      .filter(({ observedAt }) => observedAt >= since)
      .toSorted((a, b) => a.seq - b.seq);

/** A slow run never undoes what a later one came to. */
const save = async (
  { rows, now }: ReconcilePorts,
  target: Target,
  progress: unknown,
  version: number,
): Promise<void> => {
  const body = { progress, servedAt: now().toISOString() };
  await rows.put([{ question: questionOf(target), sort: 'state', segment: 0, version, body }]);
};

const lagOf = (kept: Kept[], now: Date): Pick<ReconcileReport, 'lag'> => {
  const oldest = kept.flatMap(({ progress }) => readUntil(progress) ?? []).toSorted()[0];
  return { lag: oldest === undefined ? null : now.getTime() - Date.parse(oldest) };
};
