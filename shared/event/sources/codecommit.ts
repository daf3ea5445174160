import type { Json } from '../../trail/entry.ts';
import { actorOfArn } from '../actor.ts';
import { firstArn, resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Context, type Fact, keyAt, type Normaliser } from '../fact.ts';
import { inWords, isTrue, type JsonObject, list, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

/** CodeCommit User Guide, "Monitoring CodeCommit events": `source` is `aws.codecommit`. */
export const codecommit: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'CodeCommit Repository State Change':
      return repositoryChange(event, context);
    case 'CodeCommit Pull Request State Change':
    case 'CodeCommit PullRequest State Change': // as an older guide spells it
      return pullRequest(event, context);
    case 'CodeCommit Comment on Commit':
    case 'CodeCommit Comment on Pull Request':
    case 'CodeCommit Comment Reaction Change':
      return comment(event, context);
    case 'CodeCommit Approval Rule Template Change':
      return template(event, context);
    case 'CodeCommit Repository Trigger':
      return trigger(event, context);
    default:
      return null;
  }
};

/** The authenticated caller; not the author of a commit, who is only claimed. */
const actorOf = ({ detail }: Envelope, context: Context): Fact['actor'] =>
  actorOfArn(text(detail, 'callerUserArn'), context.identitiesVerified);

/** By whom and when, alike in an event and in a notification of it: what tells two acts of one sort apart. */
const keyOf = ({ detail, time }: Envelope, ...parts: (string | null)[]): Pick<Fact, 'key'> =>
  keyAt(time, ...parts, text(detail, 'callerUserArn'));

const named = (context: Context, repository: string | null): Fact['located'] =>
  repository === null ? null : context.locate.repository(repository);

const referenceKinds = new Map<string, Kind>([
  ['referenceCreated', 'reference.created'],
  ['referenceUpdated', 'reference.updated'],
  ['referenceDeleted', 'reference.deleted'],
]);

const repositoryChange = (event: Envelope, context: Context): Fact | null => {
  const repository = repositoryOf(event);
  if (repository === null) return null;
  if (text(event.detail, 'event') === 'unreferencedMergeCommitCreated') return mergeCommit(event, repository, context);
  const kind = referenceKinds.get(text(event.detail, 'event') ?? '');
  const ref = text(event.detail, 'referenceFullName') ?? refOf(event);
  return kind === undefined || ref === null ? null : reference({ event, context, repository, kind, ref });
};

const refOf = ({ detail }: Envelope): string | null => {
  const name = text(detail, 'referenceName');
  return name === null ? null : `refs/${text(detail, 'referenceType') === 'tag' ? 'tags' : 'heads'}/${name}`;
};

type Reference = { event: Envelope; context: Context; repository: string; kind: Kind; ref: string };

/**
 * A reference that moves away and back moves again: the time is part of what makes it this fact. Whether a push was
 * forced no event says: it is seen from the parents of the commits, which are asked for. A merge is never one.
 */
const reference = ({ event, context, repository, kind, ref }: Reference): Fact => {
  const { detail, time } = event;
  const [old, commit] = [text(detail, 'oldCommitId'), text(detail, 'commitId')];
  const refType = text(detail, 'referenceType') ?? (ref.startsWith('refs/tags/') ? 'tag' : 'branch');
  const branch = refType === 'branch' ? (text(detail, 'referenceName') ?? ref.replace('refs/heads/', '')) : null;
  const moved: { [key: string]: Json } = { repository, ref, refType, old, new: commit };
  return {
    kind,
    subject: resourceArn(event, 'codecommit', repository, context),
    key: [ref, old, commit, time],
    actor: actorOf(event, context),
    located: named(context, repository),
    change: commit === null ? null : { repository, commit },
    outcome: kind.slice('reference.'.length),
    detail: { ...moved, pusher: text(detail, 'callerUserArn'), ...present({ branch, merge: mergeOf(event) }) },
  };
};

/** How CodeCommit itself merged, and what; absent where somebody pushed. */
const mergeOf = ({ detail }: Envelope): JsonObject | null => {
  const option = text(detail, 'mergeOption');
  if (option === null) return null;
  const [base, source, onto] = ['baseCommitId', 'sourceCommitId', 'destinationCommitId'].map((key) =>
    text(detail, key),
  );
  return present({ option: inWords(option), base, source, onto });
};

const mergeCommit = (event: Envelope, repository: string, context: Context): Fact => {
  const commit = text(event.detail, 'commitId');
  return {
    kind: 'merge-commit.created',
    subject: resourceArn(event, 'codecommit', repository, context),
    ...keyOf(event, 'merge-commit', commit),
    actor: actorOf(event, context),
    located: named(context, repository),
    change: commit === null ? null : { repository, commit },
    detail: present({ repository, commit, merge: mergeOf(event), mergeOption: text(event.detail, 'mergeOption') }),
  };
};

const pullRequest = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const id = text(detail, 'pullRequestId');
  const kind = pullRequestKind(event);
  if (id === null || kind === null) return null;
  const repository = repositoryOf(event);
  const commit = text(detail, 'sourceCommit');
  const outcome = pullRequestOutcome(event, kind);
  return {
    kind,
    subject: `${repositoryArn(event, repository, context)}/pull-request/${id}`,
    ...keyOf(event, kind, outcome, text(detail, 'revisionId'), commit, text(detail, 'approvalRuleId')),
    // an approval does not modify the pull request: lastModifiedDate is then that of some change before
    occurredAt: instant(event.time) ?? instant(detail['lastModifiedDate']),
    actor: actorOf(event, context),
    located: named(context, repository),
    change: commit === null ? null : { repository, commit },
    outcome,
    detail: { pullRequest: id, ...pullRequestDetail(event, repository) },
  };
};

const pullRequestDetail = ({ detail }: Envelope, repository: string | null): JsonObject => {
  const merged = isTrue(detail, 'isMerged');
  return present({
    repository,
    title: text(detail, 'title'),
    author: text(detail, 'author'), // an ARN, or a principal id
    sourceRef: text(detail, 'sourceReference'),
    destinationRef: text(detail, 'destinationReference'),
    destinationCommit: text(detail, 'destinationCommit'),
    revision: text(detail, 'revisionId'),
    mergeOption: merged ? text(detail, 'mergeOption') : null,
    mergeCommit: merged ? text(detail, 'mergeCommitId') : null,
    approvalRule: text(detail, 'approvalRuleName'),
  });
};

const pullRequestKinds = new Map<string, Kind>([
  ['pullRequestCreated', 'pull-request.created'],
  ['pullRequestSourceBranchUpdated', 'pull-request.updated'],
  ['pullRequestApprovalRuleCreated', 'pull-request.approval-rule-changed'],
  ['pullRequestApprovalRuleUpdated', 'pull-request.approval-rule-changed'],
  ['pullRequestApprovalRuleDeleted', 'pull-request.approval-rule-changed'],
  ['pullRequestApprovalRuleOverridden', 'pull-request.approval-rules-overridden'],
]);

const pullRequestKind = ({ detail }: Envelope): Kind | null => {
  const closed = text(detail, 'pullRequestStatus') === 'Closed' ? 'pull-request.closed' : 'pull-request.updated';
  switch (text(detail, 'event') ?? '') {
    case 'pullRequestMergeStatusUpdated':
    case 'pullRequestStatusChanged':
      return isTrue(detail, 'isMerged') ? 'pull-request.merged' : closed;
    case 'pullRequestApprovalStateChanged':
      return text(detail, 'approvalStatus') === 'REVOKE' ? 'pull-request.approval-revoked' : 'pull-request.approved';
    default:
      return pullRequestKinds.get(text(detail, 'event') ?? '') ?? null;
  }
};

const pullRequestOutcome = ({ detail }: Envelope, kind: Kind): string => {
  if (kind === 'pull-request.approval-rule-changed') return lastWord(text(detail, 'event') ?? '');
  return text(detail, 'overrideStatus') === 'REVOKE' ? 'override-revoked' : kind.slice('pull-request.'.length);
};

/** `approvalRuleTemplateAssociatedWithRepository` without what comes before the verb: `associated-with-repository`. */
const lastWord = (event: string): string =>
  event
    .replace(/^.*?(?=(?:Batch)?(?:Created|Updated|Deleted|Associated|Disassociated))/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();

const repositoryOf = (event: Envelope): string | null => {
  const first = list(event.detail, 'repositoryNames')[0];
  const said = text(event.detail, 'repositoryName') ?? (typeof first === 'string' ? first : null);
  return said ?? firstArn(event, 'codecommit')?.split(':')[5] ?? null;
};

const repositoryArn = (event: Envelope, repository: string | null, context: Context): string =>
  repository === null
    ? (event.resources[0] ?? resourceArn(event, 'codecommit', '-', context))
    : resourceArn(event, 'codecommit', repository, context);

/** On a pull request it is about that; on a commit about the repository, for a commit has no name of its own. */
const comment = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const repository = repositoryOf(event) ?? text(detail, 'repositoryId');
  const kind = commentKind(event);
  if (kind === null) return null;
  const [commit, pull] = [text(detail, 'afterCommitId'), text(detail, 'pullRequestId')];
  const said = { comment: text(detail, 'commentId'), inReplyTo: text(detail, 'inReplyTo'), pullRequest: pull };
  return {
    kind,
    subject: `${repositoryArn(event, repository, context)}${pull === null ? '' : `/pull-request/${pull}`}`,
    ...keyOf(event, text(detail, 'event'), said.comment, reactions(event).join()),
    actor: actorOf(event, context),
    located: named(context, repository),
    change: commit === null ? null : { repository, commit },
    outcome: lastWord(text(detail, 'event') ?? ''),
    detail: present({ repository, ...said, reactions: reactions(event).length === 0 ? null : reactions(event) }),
  };
};

const reactions = ({ detail }: Envelope): string[] =>
  list(detail, 'reactionEmojis').filter((emoji) => typeof emoji === 'string');

/** `commentOnCommitCreated`, `commentOnPullRequestDeleted`, `commentReactionUpdated`, ... */
const commentKind = ({ detailType, detail }: Envelope): Kind | null => {
  const name = text(detail, 'event') ?? '';
  if (detailType === 'CodeCommit Comment Reaction Change') return 'comment.reacted';
  if (name.endsWith('Created')) return 'comment.created';
  if (name.endsWith('Updated')) return 'comment.updated';
  return name.endsWith('Deleted') ? 'comment.deleted' : null;
};

/** A template is made for the account; where it is tied to one repository alone, that says where it belongs. */
const template = (event: Envelope, context: Context): Fact => {
  const { detail } = event;
  const [name, change] = [text(detail, 'approvalRuleTemplateName'), text(detail, 'event')];
  const repositories = Object.keys(object(detail, 'repositories')).toSorted();
  const content = text(detail, 'approvalRuleTemplateContentSha256');
  return {
    kind: 'approval-rule-template.changed',
    subject: resourceArn(event, 'codecommit', `approval-rule-template/${name ?? '-'}`, context),
    ...keyOf(event, change, content, ...repositories),
    actor: actorOf(event, context),
    located: repositories.length === 1 ? named(context, repositories[0] ?? null) : null,
    outcome: lastWord(change ?? ''),
    detail: present({ template: name, change, repositories: repositories.length === 0 ? null : repositories }),
  };
};

/**
 * What a trigger of a repository tells of one reference. It does not say where the reference stood before, so it is no
 * move on record: that is the event's, and one push would count twice. A test of the trigger names a commit that
 * nobody pushed.
 */
const trigger = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const [ref, commit] = [text(detail, 'reference', 'ref'), text(detail, 'reference', 'commit')];
  const repository = repositoryOf(event);
  const outcome = triggerOutcome(event);
  if (repository === null || (ref === null && outcome !== 'tested')) return null;
  const isPush = outcome === 'created' || outcome === 'updated';
  return {
    kind: 'repository-trigger.fired',
    subject: resourceArn(event, 'codecommit', repository, context),
    ...keyAt(event.time, 'trigger', text(detail, 'eventTriggerName'), ref, commit, outcome),
    actor: actorOfArn(text(detail, 'userIdentityARN'), context.identitiesVerified),
    located: named(context, repository),
    change: isPush && commit !== null ? { repository, commit } : null,
    outcome,
    detail: present({ repository, ref, new: commit, trigger: text(detail, 'eventTriggerName') }),
  };
};

const triggerOutcome = ({ detail }: Envelope): string => {
  if (text(detail, 'eventName') === 'TriggerEventTest') return 'tested';
  if (isTrue(detail, 'reference', 'created')) return 'created';
  return isTrue(detail, 'reference', 'deleted') ? 'deleted' : 'updated';
};
