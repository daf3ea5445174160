import { deploymentEvents, isDeployed } from '../../shared/reconcile/deployments.ts';
import { type DeploymentProgress, earlier, nextWindow } from '../../shared/reconcile/progress.ts';
import type { Target } from '../../shared/reconcile/targets.ts';
import type { DeploymentHistory } from '../support/deployment-history.ts';
import type { Batch, Run } from './batch.ts';

/** As far back as deployments are read the first time (ms): no release older than thirty days is gone back to. */
const deploymentsBackMs = 30 * 24 * 3_600_000;

type Deployments = Extract<Target, { of: 'deployments' }>;

/** Reads what was deployed since the last time, and how what was under way then has ended. */
export async function* readDeployments(
  history: DeploymentHistory,
  { application, group }: Deployments,
  before: DeploymentProgress | null,
  run: Run,
): AsyncGenerator<Batch<DeploymentProgress>> {
  let open = before?.open ?? [];
  let from = before?.through ?? earlier(run.until, deploymentsBackMs);
  do {
    const window = nextWindow(from, run.until);
    const created = await history.created(application, group, window.from, window.until);
    if (created === null) return;
    const read = await readEach(history, [...new Set([...open, ...created])], run);
    open = read.open;
    from = window.until;
    yield { rereads: read.rereads, gaps: [], progress: { through: from, open } };
  } while (from < run.until);
}

const readEach = async (history: DeploymentHistory, ids: string[], { place }: Run) => {
  const rereads: Batch<DeploymentProgress>['rereads'] = [];
  const open: string[] = [];
  for (const id of ids) {
    const deployment = await history.deployment(id);
    if (deployment === null) continue;
    rereads.push(...deploymentEvents(deployment, place));
    if (!isDeployed(deployment)) open.push(id);
  }
  return { rereads, open };
};
