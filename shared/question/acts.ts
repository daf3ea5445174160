import { text } from '../event/fields.ts';
import type { Actor, Json } from '../trail/entry.ts';
import type { ActAnswer, EntryItem } from './answers.ts';
import { actorName } from '../trail/actor-name.ts';
import {
  approvalQuestion,
  buildOfCall,
  type Call,
  callOf,
  eventIn,
  mergeCommitOf,
  pullOfCall,
  pushedBy,
  type Told,
  whenOf,
} from './things.ts';

/**
 * One act is often told twice: by the service, as an event, and by CloudTrail, as the call that caused it. Both stay on
 * record. They are one act where they name the same act on the same thing, close enough in time.
 */

/** An event and the call behind it are this far apart, at most (ms). */
const actWithinMs = 5 * 60_000;

/** The name of the act that an entry tells of, alike in event and call; none where it tells of none. */
export const actsOf = (entry: Told): string[] => {
  const call = callOf(entry);
  const named = call === null ? [eventAct(entry)] : callActs(entry, call);
  return named.filter((name) => name !== null);
};

const idOf = (actor: Actor): string => ('id' in actor ? actor.id : actorName(actor));

const eventAct = (entry: Told): string | null => {
  const { kind, subject, execution, detail, actor } = entry;
  const deployment = text(detail, 'deployment');
  switch (kind) {
    case 'reference.created':
    case 'reference.updated':
      return pushAct(text(detail, 'repository'), text(detail, 'ref'), text(detail, 'new'));
    case 'pull-request.created':
    case 'pull-request.merged':
    case 'pull-request.closed':
      return `${subject} ${kind}`;
    case 'pull-request.approved':
    case 'pull-request.approval-revoked':
      return `${subject} ${kind} ${idOf(actor)}`;
    case 'pull-request.approval-rules-overridden':
      return overrideAct(subject, eventIn(entry)['overrideStatus'], actor);
    case 'pipeline.started':
    case 'pipeline.stopping':
      return `execution:${execution} ${kind}`;
    case 'stage.resumed':
      return `execution:${execution} ${kind} ${text(detail, 'stage')}`;
    case 'action.succeeded':
    case 'action.failed':
      return approvalAct(entry);
    case 'build.started':
    case 'build.stopped':
      return `${subject} ${kind}`;
    case 'deployment.started':
    case 'deployment.stopped':
      return deployment === null ? null : `deployment:${deployment} ${kind}`;
    case 'service-deployment.started':
      return `${subject} ${kind}`;
    case 'stack.started':
      return stackAct(subject);
    case 'instance-refresh.started':
    case 'instance-refresh.canceled':
      return refreshAct(text(detail, 'refresh'), kind);
    case 'reference.deleted':
      return deleteAct(text(detail, 'repository'), text(detail, 'ref'));
    default:
      return null;
  }
};

const overrideAct = (pull: string, status: Json | undefined, actor: Actor): string =>
  `${pull} approval-rules-overridden ${status === 'REVOKE' ? 'REVOKE' : 'OVERRIDE'} ${idOf(actor)}`;

const pushAct = (repository: string | null, ref: string | null, commit: string | null): string =>
  `push ${JSON.stringify([repository, ref, commit])}`;

const deleteAct = (repository: string | null, ref: string | null): string =>
  `delete ${JSON.stringify([repository, ref])}`;

/** A stack may be called by its name alone. */
const stackAct = (called: string): string => `stack:${/:stack\/([^/]+)/.exec(called)?.[1] ?? called} stack.started`;

const refreshAct = (id: string | null, kind: string): string | null => (id === null ? null : `refresh:${id} ${kind}`);

/** An approval that ends by its own deadline is nobody's act. */
const approvalAct = ({ kind, detail }: Told): string | null => {
  const [pipeline, stage, action] = [text(detail, 'pipeline'), text(detail, 'stage'), text(detail, 'action')];
  if (text(detail, 'category') !== 'Approval' || pipeline === null || stage === null || action === null) return null;
  if (text(detail, 'decision') === 'timed-out') return null;
  return `${approvalQuestion(pipeline, stage, action)} ${kind === 'action.succeeded' ? 'Approved' : 'Rejected'}`;
};

const callActs = (entry: Told, call: Call): (string | null)[] => {
  switch (call.service) {
    case 'codecommit':
      return [
        pullAct(entry, call),
        call.name === 'DeleteBranch' ? deletedBy(call) : null,
        ...pushedBy(entry).map(({ repository, ref, commit }) => pushAct(repository, ref, commit)),
      ];
    case 'codepipeline':
      return [pipelineAct(call)];
    case 'codebuild':
      return [buildAct(entry, call)];
    case 'codedeploy':
      return [deploymentAct(call)];
    case 'ecs':
      return [serviceAct(call)];
    case 'cloudformation':
      return [stackCallAct(call)];
    case 'autoscaling':
      return [refreshCallAct(call)];
    default:
      return [];
  }
};

const deletedBy = ({ asked }: Call): string =>
  deleteAct(text(asked, 'repositoryName'), `refs/heads/${text(asked, 'branchName')}`);

/** The event of a service's deployment names the service; a service has one deployment at a time that is new. */
const serviceAct = ({ name, answered }: Call): string | null => {
  const service = text(answered, 'service', 'serviceArn');
  const begins = name === 'UpdateService' || name === 'CreateService';
  return begins && service !== null ? `${service} service-deployment.started` : null;
};

const stackCalls = new Set(['CreateStack', 'UpdateStack', 'DeleteStack', 'ExecuteChangeSet']);

const stackCallAct = ({ name, asked, answered }: Call): string | null => {
  const called = text(answered, 'stackId') ?? text(asked, 'stackName');
  return stackCalls.has(name) && called !== null ? stackAct(called) : null;
};

const refreshCallAct = ({ name, answered }: Call): string | null => {
  const id = text(answered, 'instanceRefreshId');
  if (name === 'StartInstanceRefresh') return refreshAct(id, 'instance-refresh.started');
  return name === 'CancelInstanceRefresh' ? refreshAct(id, 'instance-refresh.canceled') : null;
};

const pullAct = (entry: Told, call: Call): string | null => {
  const pull = pullOfCall(entry, call);
  if (pull === null) return null;
  if (call.name === 'CreatePullRequest') return `${pull} pull-request.created`;
  if (call.name.startsWith('MergePullRequest')) return `${pull} pull-request.merged`;
  if (call.name === 'UpdatePullRequestStatus') return `${pull} pull-request.closed`;
  if (call.name === 'OverridePullRequestApprovalRules')
    return overrideAct(pull, text(call.asked, 'overrideStatus') ?? undefined, entry.actor);
  if (call.name !== 'UpdatePullRequestApprovalState') return null;
  const revoked = text(call.asked, 'approvalState') === 'REVOKE';
  return `${pull} pull-request.${revoked ? 'approval-revoked' : 'approved'} ${idOf(entry.actor)}`;
};

const pipelineAct = ({ name, asked, answered }: Call): string | null => {
  const execution = text(answered, 'pipelineExecutionId') ?? text(asked, 'pipelineExecutionId');
  const [pipeline, stage, action] = [text(asked, 'pipelineName'), text(asked, 'stageName'), text(asked, 'actionName')];
  switch (name) {
    case 'StartPipelineExecution':
    case 'RollbackStage':
      return execution === null ? null : `execution:${execution} pipeline.started`;
    case 'StopPipelineExecution':
      return execution === null ? null : `execution:${execution} pipeline.stopping`;
    case 'RetryStageExecution':
      return execution === null ? null : `execution:${execution} stage.resumed ${stage}`;
    case 'PutApprovalResult':
      return pipeline === null || stage === null || action === null
        ? null
        : `${approvalQuestion(pipeline, stage, action)} ${text(asked, 'result', 'status')}`;
    default:
      return null;
  }
};

const buildAct = (entry: Told, call: Call): string | null => {
  const build = buildOfCall(entry, call);
  if (build === null) return null;
  if (call.name === 'StartBuild' || call.name === 'RetryBuild') return `${build} build.started`;
  return call.name === 'StopBuild' ? `${build} build.stopped` : null;
};

const deploymentAct = ({ name, asked, answered }: Call): string | null => {
  const id = text(answered, 'deploymentId') ?? text(asked, 'deploymentId');
  if (id === null) return null;
  if (name === 'CreateDeployment') return `deployment:${id} deployment.started`;
  return name === 'StopDeployment' ? `deployment:${id} deployment.stopped` : null;
};

/**
 * The acts that entries tell of, oldest first, each once: a line for an act, with all entries that tell of it. An event
 * and a call are joined one to one, the nearest first, so that a call made twice is two acts.
 */
export const joinActs = (entries: EntryItem[]): ActAnswer[] => {
  const named = new Map<string, EntryItem[]>();
  for (const entry of entries) for (const act of actsOf(entry)) named.set(act, [...(named.get(act) ?? []), entry]);
  const acts = withMerges([...named.values()].flatMap(joined)).map(actAnswer);
  return acts.toSorted((a, b) => compare(a.at, b.at) || compare(a.kind, b.kind) || compare(a.says, b.says));
};

/** Acts of one second stand in an order of their own: their entries come in any. */
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const joined = (entries: EntryItem[]): EntryItem[][] => {
  const calls = entries.filter(isCall);
  const events = entries.filter((entry) => !isCall(entry));
  const pairs = events
    .flatMap((event) => calls.map((call) => ({ event, call, apart: apartMs(event, call) })))
    .filter(({ apart }) => apart <= actWithinMs)
    .toSorted((a, b) => a.apart - b.apart || a.event.seq - b.event.seq || a.call.seq - b.call.seq);
  const taken = new Set<EntryItem>();
  const both: EntryItem[][] = [];
  for (const { event, call } of pairs) {
    if (taken.has(event) || taken.has(call)) continue;
    taken.add(event).add(call);
    both.push([event, call]);
  }
  return [...both, ...entries.filter((entry) => !taken.has(entry)).map((entry) => [entry])];
};

/** A merge moves its branch, and that is told too: it is the same act, with one receipt more. */
const withMerges = (acts: EntryItem[][]): EntryItem[][] => {
  const moves = acts.filter((told) => told.some(({ kind }) => kind === 'reference.updated'));
  const taken = new Set<EntryItem[]>();
  const merges = acts.map((told) => {
    const merge = told.find(({ kind }) => kind === 'pull-request.merged');
    const move = merge === undefined ? undefined : moves.find((one) => !taken.has(one) && isMoveOf(one, merge));
    if (move === undefined) return told;
    taken.add(move);
    return [...told, ...move];
  });
  return merges.filter((_, index) => !taken.has(acts[index] ?? []));
};

/** A fast-forward makes no commit: the branch moves on to that of the other. */
const isMoveOf = (move: EntryItem[], merge: EntryItem): boolean => {
  const { detail, change } = merge;
  const onto = text(detail, 'destinationRef') ?? text(eventIn(merge), 'destinationReference');
  const name = pushAct(text(detail, 'repository'), onto, mergeCommitOf(merge) ?? change?.commit ?? null);
  return move.some((entry) => eventAct(entry) === name && apartMs(entry, merge) <= actWithinMs);
};

const isCall = ({ kind }: EntryItem): boolean => kind === 'call';

const apartMs = (a: EntryItem, b: EntryItem): number => Math.abs(Date.parse(whenOf(a)) - Date.parse(whenOf(b)));

/** The call knows who it was; the event what came of it. */
const actAnswer = (told: EntryItem[]): ActAnswer => {
  const call = told.find(isCall);
  const event = told.find((entry) => entry.kind === 'pull-request.merged') ?? told.find((entry) => !isCall(entry));
  const [first] = told as [EntryItem];
  const { kind, says, reason } = event ?? first;
  return {
    kind,
    at: whenOf(event ?? first),
    by: actorName((call ?? first).actor),
    says,
    comment: (call === undefined ? null : commentOf(call)) ?? reason,
    entries: told.map(({ seq }) => seq).toSorted((a, b) => a - b),
  };
};

/** What somebody wrote when they approved, refused or stopped something. */
const commentOf = (call: EntryItem): string | null => {
  const asked = eventIn(call)['requestParameters'];
  return text(asked, 'result', 'summary') ?? text(asked, 'reason');
};
