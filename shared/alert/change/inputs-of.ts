import type { Config, ServiceConfig } from '../../config/config.ts';
import { isOf, membersOf, placeOf } from '../../config/member.ts';
import { cut, isObject, list, number, object, text } from '../../event/fields.ts';
import { reconciledAs } from '../../event/reconciled.ts';
import { isReplayed } from '../../event/replay.ts';
import { whoItWas } from '../../trail/actor-name.ts';
import type { Entry, Json } from '../../trail/entry.ts';
import { msBetween } from '../../trail/time.ts';
import type { ChangeSaid, Ended, Fact } from './input.ts';

/** An input and the group of changes that it is for. */
export type ToChanges = { group: string; input: ChangeSaid };

/** What is put on record so long (ms) after it happened is a fact, and no news. */
const lateAfter = 3_600_000;

/**
 * What an entry says of changes, and in which groups: one for each pipeline. Only what the service itself said counts,
 * and nothing that a replay brought; of the time before Escalator nobody is told. Empty where developers are not told.
 */
export const changeInputsOf = (entry: Entry, config: Config): ToChanges[] => {
  if (config.developers === undefined || isReplayed(entry) || reconciledAs(entry) === 'backfilled') return [];
  const fact = factIn(entry);
  if (fact === null) return [];
  const at = entry.occurredAt ?? entry.observedAt;
  const input: ChangeSaid = { type: 'change', seq: entry.seq, at, late: isLate(at, entry), fact: short(fact) };
  const groups = config.services.filter(concernedBy(entry, config)).map((service) => groupFor(service, entry));
  return [...new Set(groups)].map((group) => ({ group, input }));
};

/** Texts are other people's, and stand in the state: of each so many characters do. */
const textAtMost = 300;

const short = (fact: Fact): Fact => shortened(fact) as unknown as Fact;

const shortened = (value: Json): Json => {
  if (typeof value === 'string') return cut(value, textAtMost);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
};

const isLate = (at: string, { observedAt }: Entry): boolean => msBetween(at, observedAt) > lateAfter;

/** Two accounts may have pipelines of one name. The lane's origin is `escalator/<account>/<region>`. */
const homeOf = ({ origin }: Entry) => {
  const [, account = '', region = ''] = origin.split('/');
  return { account, region };
};

/** The stream of the changes that go through a pipeline. */
const groupFor = ({ pipeline, elsewhere }: ServiceConfig, entry: Entry): string => {
  const home = homeOf(entry);
  const { account, region } = elsewhere === undefined ? home : placeOf(elsewhere, home);
  return `change/${account}/${region}/${pipeline}`;
};

/** Whether a group of alerts is one of changes: those of ladders have two parts in their names at most. */
export const isOfChanges = (group: string): boolean => group.startsWith('change/') && group.split('/').length === 4;

const concernedBy = (entry: Entry, config: Config): ((service: ServiceConfig) => boolean) => {
  const { source, kind, detail } = entry;
  if (source.name === 'escalator' && kind !== 'commit.described')
    return (one) => one.environment === entry.environment && one.service === entry.service;
  const home = homeOf(entry);
  const members = membersOf(config, home);
  const pipeline = text(detail, 'pipeline');
  const repository = text(detail, 'repository') ?? entry.change?.repository ?? null;
  return (one) =>
    isOf(source, one, { home, members }) &&
    (pipeline === null ? one.repository === repository : one.pipeline === pipeline);
};

const factIn = (entry: Entry): Fact | null => {
  switch (entry.source.name) {
    case 'aws.codecommit':
      return ofRepository(entry);
    case 'aws.codepipeline':
      return ofPipeline(entry);
    case 'escalator':
      return entry.kind === 'commit.described' ? described(entry) : ofLadder(entry);
    default:
      return null;
  }
};

const ofRepository = (entry: Entry): Fact | null => {
  const { kind, change, detail, actor } = entry;
  if (change === null) return null;
  if (kind === 'reference.created' || kind === 'reference.updated') {
    if (text(detail, 'refType') === 'tag') return null;
    const [ref, old] = [text(detail, 'ref') ?? '', text(detail, 'old')];
    return { said: 'pushed', ...change, ref, old, by: whoItWas(actor) };
  }
  return /^pull-request\.(?:created|updated|merged)$/.test(kind) ? pullIn(entry) : null;
};

/** A merge that makes no commit of its own brings the source commit itself. */
const pullIn = ({ kind, change, detail }: Entry): Fact | null => {
  const [id, before] = [text(detail, 'pullRequest'), text(detail, 'destinationCommit')];
  if (id === null || before === null || change === null) return null;
  const { commit: source, repository } = change;
  const merged = kind === 'pull-request.merged' ? (text(detail, 'mergeCommit') ?? source) : null;
  return { said: 'pull', repository, source, merged, pull: { id, before, after: source } };
};

const described = ({ change, detail }: Entry): Fact | null => {
  if (change === null) return null;
  const name = text(detail, 'author', 'name');
  const parent = list(detail, 'parents')[0];
  return {
    said: 'described',
    commit: change.commit,
    author: name === null ? null : { name, email: text(detail, 'author', 'email') },
    subject: text(detail, 'message')?.trim().split('\n')[0] ?? null,
    parent: typeof parent === 'string' ? parent : null,
  };
};

const ofPipeline = (entry: Entry): Fact | null => {
  const { kind, execution, reason, detail } = entry;
  if (execution === null) return null;
  if (kind.startsWith('action.')) return ofAction(entry, execution);
  const outcome = /^pipeline\.(failed|stopped|canceled|superseded)$/.exec(kind)?.[1] as Ended | undefined;
  if (outcome === undefined) return null;
  return { said: 'ended', execution, attempt: number(detail, 'attempt') ?? 1, outcome, reason };
};

const ofAction = ({ kind, change, reason, detail }: Entry, execution: string): Fact | null => {
  const [category, action, stage] = ['category', 'action', 'stage'].map((field) => text(detail, field) ?? '');
  if (action === undefined || stage === undefined) return null;
  switch (`${kind} ${category}`) {
    case 'action.succeeded Source':
      return change === null ? null : { said: 'sourced', ...change, execution };
    case 'action.succeeded Build':
      return { said: 'built', execution, action };
    case 'action.started Approval':
      return { said: 'waiting', execution, stage, action };
    default:
      if (kind !== 'action.failed') return null;
      return { said: 'failing', execution, why: whyOf(action, stage, text(detail, 'decision'), reason) };
  }
};

const whyOf = (action: string, stage: string, decision: string | null, reason: string | null): string => {
  const did = refusals.get(decision ?? '') ?? 'failed';
  return `${action} in stage ${stage} ${did}${reason === null ? '' : `: ${reason}`}`;
};

/** What came of a manual approval that did not let it through. */
const refusals = new Map([
  ['rejected', 'was refused'],
  ['timed-out', 'was not given in time'],
  ['not-approved', 'was not given'],
]);

const ofLadder = ({ kind, environment, service, reason, detail }: Entry): Fact | null => {
  if (environment === null || service === null) return null;
  const where = { environment, service };
  const incident = text(detail, 'incident');
  const commit = text(detail, 'commit') ?? text(detail, 'release', 'commit');
  switch (kind) {
    case 'incident.opened': {
      const execution = text(detail, 'suspect')?.split('@')[1];
      return incident === null || execution === undefined ? null : { said: 'suspected', ...where, incident, execution };
    }
    case 'incident.closed':
      if (incident === null || text(detail, 'status') !== 'handed-over') return null;
      return { said: 'handed-over', ...where, incident, why: reason ?? 'nobody said why' };
    case 'release.reached': {
      const [release, execution] = [object(detail, 'release'), text(detail, 'release', 'execution')];
      if (commit === null || execution === null || detail['recovered'] !== undefined) return null;
      return { said: 'reached', ...where, commit, execution, byRollback: release['byRollback'] === true };
    }
    case 'release.quarantined':
      return commit === null ? null : { said: 'quarantined', ...where, commit, incident, by: null, why: reason ?? '' };
    case 'quarantine.ordered': {
      const [by, why] = [text(detail, 'who', 'name') ?? text(detail, 'who', 'session'), text(detail, 'why')];
      return commit === null
        ? null
        : { said: 'quarantined', ...where, commit, incident: null, by: by ?? 'somebody', why: why ?? '' };
    }
    case 'change.warned': {
      const [contains, advice] = [text(detail, 'contains'), text(detail, 'advice')];
      if (commit === null || contains === null) return null;
      return { said: 'warned', ...where, commit, contains, advice: advice ?? '' };
    }
    default:
      return null;
  }
};
