import { list, object, text } from '../event/fields.ts';
import type { TrailRecord } from '../trail/entry.ts';
import {
  branchKey,
  commitKey,
  didOf,
  eventIn,
  findOrPut,
  keep,
  type Population,
  type Pull,
  type Take,
} from './facts.ts';
import { ticketsIn } from './tickets.ts';

/** What a commit says of itself. */
export const takeDescribed: Take = (population, record) => {
  const { change, detail } = record;
  if (change?.repository == null || detail['gone'] === true) return;
  const author = object(detail, 'author');
  population.commits.set(commitKey(change.repository, change.commit), {
    seq: record.seq,
    author: 'author' in detail ? { name: text(author, 'name'), email: text(author, 'email') } : null,
    tickets: ticketsIn(text(detail, 'message')),
    parents: Array.isArray(detail['parents'])
      ? list(detail, 'parents').filter((parent): parent is string => typeof parent === 'string')
      : null,
  });
};

/** A branch that was made, moved or deleted. Tags release nothing. */
export const takeMove: Take = (population, record) => {
  const { detail } = record;
  const [repository, ref] = [text(detail, 'repository'), text(detail, 'ref')];
  if (repository === null || ref === null || !ref.startsWith('refs/heads/')) return;
  const to = record.kind === 'reference.deleted' ? null : (record.change?.commit ?? text(detail, 'new'));
  const old = text(detail, 'old');
  findOrPut(population.moves, branchKey(repository, ref), () => []).push({
    ...didOf(record),
    repository,
    ref,
    old: /^0+$/.test(old ?? '') ? null : old,
    to,
  });
};

/** Whatever happens to a pull request. */
export const takePull: Take = (population, record) => {
  const pull = pullOf(population, record);
  if (pull === null) return;
  const event = eventIn(record);
  switch (record.kind) {
    case 'pull-request.updated':
      if (text(event, 'event') === 'pullRequestSourceBranchUpdated') keep(pull.pushers, didOf(record));
      break;
    case 'pull-request.approved':
      keep(pull.approvals, { ...didOf(record), commit: record.change?.commit ?? null });
      break;
    case 'pull-request.approval-revoked':
      pull.approvals = pull.approvals.filter(({ by }) => idOf(by) !== idOf(record.actor));
      break;
    case 'pull-request.approval-rules-overridden':
      pull.overridden = text(event, 'overrideStatus') === 'REVOKE' ? null : didOf(record);
      break;
    case 'pull-request.merged':
      pull.merged = {
        ...didOf(record),
        source: record.change?.commit ?? null,
        onto: text(event, 'destinationCommit'),
        ref: text(event, 'destinationReference'),
        commit: text(event, 'mergeCommitId'),
      };
      break;
    default:
  }
  keep(pull.seqs, record.seq);
};

const idOf = (actor: TrailRecord['actor']): string => ('id' in actor ? actor.id : actor.type);

const pullOf = (population: Population, { subject, detail }: TrailRecord): Pull | null => {
  const id = text(detail, 'pullRequest');
  if (id === null) return null;
  const pull = findOrPut(population.pulls, subject, () => ({
    id,
    repository: null,
    author: null,
    pushers: [],
    approvals: [],
    overridden: null,
    merged: null,
    seqs: [],
  }));
  pull.repository ??= text(detail, 'repository');
  pull.author ??= text(detail, 'author');
  return pull;
};
