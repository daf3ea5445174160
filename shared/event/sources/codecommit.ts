import type { Json } from '../../trail/entry.ts';
import { actorOfArn } from '../actor.ts';
import { resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { isTrue, list, present, text } from '../fields.ts';
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
    default:
      return null;
  }
};

const actorOf = ({ detail }: Envelope, context: Context): Fact['actor'] =>
  actorOfArn(text(detail, 'callerUserArn'), context.identitiesVerified);

const referenceKinds: { [event: string]: Kind } = {
  referenceCreated: 'reference.created',
  referenceUpdated: 'reference.updated',
  referenceDeleted: 'reference.deleted',
};

const repositoryChange = (event: Envelope, context: Context): Fact | null => {
  const repository = text(event.detail, 'repositoryName');
  if (repository === null) return null;
  if (text(event.detail, 'event') === 'unreferencedMergeCommitCreated') return mergeCommit(event, repository, context);
  const kind = referenceKinds[text(event.detail, 'event') ?? ''];
  const ref = text(event.detail, 'referenceFullName') ?? refOf(event);
  return kind === undefined || ref === null ? null : reference({ event, context, repository, kind, ref });
};

const refOf = ({ detail }: Envelope): string | null => {
  const name = text(detail, 'referenceName');
  return name === null ? null : `refs/${text(detail, 'referenceType') === 'tag' ? 'tags' : 'heads'}/${name}`;
};

type Reference = { event: Envelope; context: Context; repository: string; kind: Kind; ref: string };

/** A reference that moves away and back moves again: the time is part of what makes it this fact. */
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
    located: context.locate.repository(repository),
    change: commit === null ? null : { repository, commit },
    outcome: kind.slice('reference.'.length),
    detail: { ...moved, pusher: text(detail, 'callerUserArn'), ...present({ branch }) },
  };
};

const mergeCommit = (event: Envelope, repository: string, context: Context): Fact => {
  const commit = text(event.detail, 'commitId');
  return {
    kind: 'merge-commit.created',
    subject: resourceArn(event, 'codecommit', repository, context),
    actor: actorOf(event, context),
    located: context.locate.repository(repository),
    change: commit === null ? null : { repository, commit },
    detail: present({ repository, commit, mergeOption: text(event.detail, 'mergeOption') }),
  };
};

const pullRequest = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const id = text(detail, 'pullRequestId');
  const kind = pullRequestKind(event);
  if (id === null || kind === null) return null;
  const repository = repositoryOf(event);
  const commit = text(detail, 'sourceCommit');
  return {
    kind,
    subject: `${repositoryArn(event, repository, context)}/pull-request/${id}`,
    occurredAt: instant(detail['lastModifiedDate']) ?? instant(event.time),
    actor: actorOf(event, context),
    located: repository === null ? null : context.locate.repository(repository),
    change: commit === null ? null : { repository, commit },
    outcome: kind.slice('pull-request.'.length),
    detail: {
      ...present({ repository, title: text(detail, 'title'), author: text(detail, 'author') }),
      pullRequest: id,
    },
  };
};

const pullRequestKinds: { [event: string]: Kind } = {
  pullRequestCreated: 'pull-request.created',
  pullRequestSourceBranchUpdated: 'pull-request.updated',
  pullRequestApprovalRuleCreated: 'pull-request.approval-rule-changed',
  pullRequestApprovalRuleUpdated: 'pull-request.approval-rule-changed',
  pullRequestApprovalRuleDeleted: 'pull-request.approval-rule-changed',
  pullRequestApprovalRuleOverridden: 'pull-request.approval-rules-overridden',
};

const pullRequestKind = ({ detail }: Envelope): Kind | null => {
  const merged: Kind = isTrue(detail, 'isMerged') ? 'pull-request.merged' : 'pull-request.closed';
  switch (text(detail, 'event') ?? '') {
    case 'pullRequestMergeStatusUpdated':
      return merged;
    case 'pullRequestStatusChanged':
      return text(detail, 'pullRequestStatus') === 'Closed' ? merged : 'pull-request.updated';
    case 'pullRequestApprovalStateChanged':
      return text(detail, 'approvalStatus') === 'REVOKE' ? 'pull-request.approval-revoked' : 'pull-request.approved';
    default:
      return pullRequestKinds[text(detail, 'event') ?? ''] ?? null;
  }
};

const repositoryOf = ({ detail }: Envelope): string | null => {
  const first = list(detail, 'repositoryNames')[0];
  return text(detail, 'repositoryName') ?? (typeof first === 'string' ? first : null);
};

const repositoryArn = (event: Envelope, repository: string | null, context: Context): string =>
  repository === null
    ? (event.resources[0] ?? resourceArn(event, 'codecommit', '-', context))
    : resourceArn(event, 'codecommit', repository, context);

const comment = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const repository = repositoryOf(event) ?? text(detail, 'repositoryId');
  const kind = commentKind(event);
  if (kind === null) return null;
  const commit = text(detail, 'afterCommitId');
  return {
    kind,
    subject: repositoryArn(event, repository, context),
    actor: actorOf(event, context),
    located: repository === null ? null : context.locate.repository(repository),
    change: commit === null ? null : { repository, commit },
    detail: present({
      repository,
      comment: text(detail, 'commentId'),
      inReplyTo: text(detail, 'inReplyTo'),
      pullRequest: text(detail, 'pullRequestId'),
    }),
  };
};

/** `commentOnCommitCreated`, `commentOnPullRequestDeleted`, `commentReactionUpdated`, ... */
const commentKind = ({ detailType, detail }: Envelope): Kind | null => {
  const name = text(detail, 'event') ?? '';
  if (detailType === 'CodeCommit Comment Reaction Change') return 'comment.reacted';
  if (name.endsWith('Created')) return 'comment.created';
  if (name.endsWith('Updated')) return 'comment.updated';
  return name.endsWith('Deleted') ? 'comment.deleted' : null;
};

const template = (event: Envelope, context: Context): Fact | null => {
  const name = text(event.detail, 'approvalRuleTemplateName');
  return {
    kind: 'approval-rule-template.changed',
    subject: resourceArn(event, 'codecommit', `approval-rule-template/${name ?? '-'}`, context),
    actor: actorOf(event, context),
    detail: present({ template: name, change: text(event.detail, 'event') }),
  };
};
