import { text } from '../event/fields.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Json } from '../trail/entry.ts';
import { nameOf, short, type Told } from './words.ts';

type Detail = { [field: string]: Json };
type Say = (detail: Detail, entry: Told) => string;

/** Who did it, as people are named; whoever an event does not name is somebody. */
export const who = ({ actor }: Told): string => whoItWas(actor);

const because = (reason: string | null): string => (reason === null ? '' : `: ${reason}`);

const repository = (detail: Detail): string => text(detail, 'repository') ?? 'a repository';

const onPull =
  (did: string): Say =>
  (detail, entry) => {
    const title = text(detail, 'title');
    const pull = `pull request ${text(detail, 'pullRequest')} of ${repository(detail)}`;
    return `${who(entry)} ${did} ${pull}${title === null ? '' : ` "${title}"`}`;
  };

/** On a pull request, on a commit, or only in a repository: as far as it is told. */
const onComment =
  (did: string): Say =>
  (detail, entry) => {
    const [pull, commit] = [text(detail, 'pullRequest'), entry.change?.commit ?? null];
    const place = pull === null ? (commit === null ? null : short(commit)) : `pull request ${pull}`;
    return `${who(entry)} ${did}${place === null ? ' in' : ` on ${place} of`} ${repository(detail)}`;
  };

const deployment = (detail: Detail): string => `deployment ${text(detail, 'deployment')}`;

/** `arn:...:stack/shop/0a1b2c3d` is the stack shop. */
const stack = ({ subject }: Told): string => `stack ${subject.split('/')[1] ?? nameOf(subject)}`;

const deployed: Say = (detail, entry) => {
  const [instance, group] = [text(detail, 'instance'), text(detail, 'group')];
  const place = instance === null ? (group === null ? '' : ` to ${group}`) : ` on ${instance}`;
  return `${deployment(detail)}${place}: ${entry.outcome}${because(entry.reason)}`;
};

const stacked: Say = (_, entry) => `${stack(entry)}: ${entry.outcome}${because(entry.reason)}`;

/** What the delivery services tell, in words; pipelines, stages, actions and builds stand in `says.ts`. */
export const deliverySays: { [kind: string]: Say } = {
  'pull-request.created': onPull('opened'),
  'pull-request.updated': onPull('updated'),
  'pull-request.merged': onPull('merged'),
  'pull-request.closed': onPull('closed'),
  'pull-request.approved': onPull('approved'),
  'pull-request.approval-revoked': onPull('took back the approval of'),
  'pull-request.approval-rule-changed': (detail, entry) =>
    `${onPull('changed the approval rules of')(detail, entry)}: ${text(detail, 'approvalRule') ?? 'a rule'} was ${entry.outcome}`,
  'pull-request.approval-rules-overridden': (detail, entry) =>
    onPull(entry.outcome === 'override-revoked' ? 'put back the approval rules of' : 'set aside the approval rules of')(
      detail,
      entry,
    ),
  'comment.created': onComment('commented'),
  'comment.updated': onComment('changed a comment'),
  'comment.deleted': onComment('deleted a comment'),
  'comment.reacted': onComment('reacted to a comment'),
  'merge-commit.created': (detail, entry) =>
    `${who(entry)} made merge commit ${short(entry.change?.commit ?? null)} in ${repository(detail)}`,
  'repository-trigger.fired': (detail, { outcome }) =>
    `trigger ${text(detail, 'trigger') ?? ''} of ${repository(detail)} ` +
    (outcome === 'tested' ? 'was tested' : `told that ${text(detail, 'ref')} was ${outcome}`),
  'approval.requested': (detail, { reason }) =>
    `approval ${text(detail, 'action')} in stage ${text(detail, 'stage')} of ${text(detail, 'pipeline')} is waited for${because(reason)}`,
  'job.requested': (detail) => `function ${text(detail, 'function')} was asked to do job ${text(detail, 'job')}`,
  'deployment-hook.called': (detail) => `${deployment(detail)} called a hook, and waits for its answer`,
  ...Object.fromEntries(
    ['started', 'succeeded', 'failed', 'stopped', 'ready'].flatMap((end) => [
      [`deployment.${end}`, deployed],
      [`deployment-instance.${end}`, deployed],
    ]),
  ),
  ...Object.fromEntries(
    ['started', 'succeeded', 'failed', 'rolling-back', 'rolled-back'].map((end) => [`stack.${end}`, stacked]),
  ),
  'stack-resource.changed': (detail, entry) =>
    `${text(detail, 'resource') ?? 'a resource'} of ${stack(entry)}: ${entry.outcome}${because(entry.reason)}`,
  'stack-drift.checked': (_, entry) => `drift of ${stack(entry)}: ${entry.outcome}${because(entry.reason)}`,
};
