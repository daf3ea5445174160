import { number, object, text } from '../event/fields.ts';
import { reconciledAs } from '../event/reconciled.ts';
import { isReplayed } from '../event/replay.ts';
import type { Json } from '../trail/entry.ts';
import { callSays } from './call-says.ts';
import { deliverySays, who } from './delivery-says.ts';
import { ladderSays } from './ladder-says.ts';
import { nameOf, short, type Told, upTo } from './words.ts';

type Say = (detail: { [field: string]: Json }, entry: Told) => string;

/**
 * One entry in one sentence, for people. Never throws and never answers nothing: a kind without words of its own is
 * told by its name, its subject and its reason. What a replay, or the reconciler, put on record is told as that.
 */
export const says = (entry: Told): string => {
  const say = saysOf(entry.kind);
  const said = say === undefined ? otherwise(entry) : say(entry.detail, entry);
  const how = isReplayed(entry) ? 'replayed' : reconciledAs(entry);
  return upTo(how === null ? said : `${how}: ${said}`);
};

const saysOf = (kind: string): Say | undefined =>
  [ladderSays, observed, deliverySays, callSays].find((all) => Object.hasOwn(all, kind))?.[kind] ?? running(kind);

const otherwise = ({ kind, subject, reason }: Told): string =>
  `${kind.replaceAll(/[.-]/g, ' ')}: ${nameOf(subject)}${because(reason)}`;

const because = (reason: string | null): string => (reason === null ? '' : `: ${reason}`);

const branchIn = (detail: { [field: string]: Json }): string =>
  `${text(detail, 'ref')?.replace(/^refs\/(heads|tags)\//, '') ?? 'a reference'} of ${text(detail, 'repository') ?? 'a repository'}`;

const moved =
  (did: string): Say =>
  (detail, entry) =>
    `${who(entry)} ${did} ${text(detail, 'ref')?.replace(/^refs\/(heads|tags)\//, '') ?? 'a reference'} of ` +
    `${text(detail, 'repository') ?? nameOf(entry.subject)}${to(text(detail, 'new'))}`;

const to = (commit: string | null): string => (commit === null ? '' : ` to ${short(commit)}`);

const observed: { [kind: string]: Say } = {
  'reference.created': moved('pushed the new'),
  'reference.updated': moved('pushed'),
  'reference.deleted': moved('deleted'),
  'commit.described': (detail, { change, outcome }) =>
    outcome === 'gone'
      ? `${short(change?.commit ?? null)} is not in the repository any more`
      : `${short(change?.commit ?? null)} "${firstLine(text(detail, 'message'))}", by ${text(detail, 'author', 'name') ?? 'nobody'}`,
  'branch.rewritten': (detail, entry) =>
    `${who(entry)} rewrote ${branchIn(detail)}: ${short(text(detail, 'new'))} does not descend from ${short(text(detail, 'old'))}`,
  'alarm.changed': (detail, { reason }) =>
    `alarm ${text(detail, 'alarm')} went from ${text(detail, 'previous') ?? 'nothing'} to ${text(detail, 'value')}${because(reason)}`,
  'alarm.configured': (detail, { outcome }) => `alarm ${text(detail, 'alarm')} was ${outcome ?? 'changed'}`,
  'build-phase.succeeded': (detail) => `build phase ${phase(detail)} succeeded${took(detail)}`,
  'build-phase.failed': (detail, { reason }) => `build phase ${phase(detail)} failed${because(reason)}`,
  'instance.launched': (_, { subject }) => `a new instance runs: ${nameOf(subject)}`,
  'instance.terminated': (_, { subject }) => `an instance was terminated: ${nameOf(subject)}`,
  unknown: (detail, { subject }) => `an event that is not known: ${text(detail, 'detailType') ?? nameOf(subject)}`,
  quarantined: (detail) => `a message that is no event was set aside (${number(detail, 'bytes') ?? '?'} bytes)`,
  'trail.exported': (detail, entry) =>
    `${who(entry)} took ${number(detail, 'entries')} entries away: ${askedFor(object(detail, 'asked'))}`,
  'configuration.loaded': (detail) => `a configuration came into use: ${text(detail, 'digest')?.slice(0, 12)}`,
  'trail.idle': (detail) => `nothing was recorded since ${text(detail, 'since')}`,
  'trail.altered': (_, { reason }) => `the trail was altered${because(reason)}`,
  'trail.misdated': (_, { reason }) => `the time of recording went back${because(reason)}`,
  'trail.restored': (detail, entry) =>
    `${who(entry)} restored the trail from the archive: ${number(detail, 'size')} entries; what was recorded after ${text(detail, 'sealedUntil')} is lost`,
  'seal.refused': (_, { reason }) => `the trail was not sealed${because(reason)}`,
  'dead-letters.redrive-asked': (_, entry) =>
    `${who(entry)} asked for the dead letters of ${nameOf(entry.subject)} back`,
  'dead-letters.redriven': (detail, { subject }) =>
    `${number(detail, 'moved')} dead letters went back to ${nameOf(subject)}`,
  'gap.found': (_, { reason }) => `the record has a gap${because(reason)}`,
  'reader.skipped': (detail) =>
    `the reader ${text(detail, 'reader')} passed by entry ${number(detail, 'seq')}: ${text(detail, 'error')}`,
};

const askedFor = (asked: { [what: string]: Json }): string =>
  Object.entries(asked)
    .map(([what, value]) => (value === true ? what : `${what} ${typeof value === 'string' ? value : '?'}`))
    .join(', ');

const phase = (detail: { [field: string]: Json }): string => (text(detail, 'phase') ?? '').toLowerCase();

const took = (detail: { [field: string]: Json }): string => {
  const seconds = number(detail, 'seconds');
  return seconds === null ? '' : ` in ${seconds} s`;
};

const firstLine = (message: string | null): string => (message ?? '').split('\n')[0] ?? '';

/** Pipelines, stages, actions and builds all start, and come to one of few ends. */
const running = (kind: string): Say | undefined => {
  const [noun, verb] = kind.split('.');
  if (verb === undefined || noun === undefined || !(noun in subjects)) return undefined;
  return (detail, entry) => {
    const did = decisions.get(text(detail, 'decision') ?? '') ?? verb;
    return `${subjects[noun]?.(detail, entry)} ${did}${verb === 'started' ? goingBack(detail) : because(entry.reason)}`;
  };
};

/** What came of a manual approval: an action that failed because somebody said no did what it is for. */
const decisions = new Map([
  ['approved', 'was given'],
  ['rejected', 'was refused'],
  ['timed-out', 'was not given in time'],
  ['not-approved', 'was not given'],
]);

const goingBack = (detail: { [field: string]: Json }): string => {
  if (text(detail, 'executionType') !== 'ROLLBACK') return '';
  const [target, failed] = [text(detail, 'rollbackTarget'), text(detail, 'rollbackOf')];
  if (target !== null) return ` as a rollback to execution ${target}`;
  return failed === null ? ' as a rollback' : ` as a rollback of execution ${failed}`;
};

const subjects: { [noun: string]: Say } = {
  pipeline: (detail) => `pipeline ${text(detail, 'pipeline')}`,
  stage: (detail) => `stage ${text(detail, 'stage')} of ${text(detail, 'pipeline')}`,
  action: (detail) =>
    `${text(detail, 'category') === 'Approval' ? 'approval' : 'action'} ${text(detail, 'action')} in stage ${text(detail, 'stage')}`,
  build: (detail) => `build ${text(detail, 'project') ?? ''}`.trim(),
};
