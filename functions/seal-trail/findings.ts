import type { Alert } from '../../shared/ladder/events.ts';
import type { SealRefused } from '../../shared/seal/refusals.ts';
import type { Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft, OwnGroup, OwnKind } from '../../shared/trail/own-kinds.ts';
import { sha256 } from '../../shared/trail/canonical.ts';
import type { Misdated } from './misdated.ts';
import type { Altered, Finding } from './patrol.ts';

/** What is put on record when the lane is not signed: why, and the alert that calls a person. Once for each size. */
export const refusedGroup = (error: SealRefused, signed: number, lane: string, source: Source): OwnGroup => {
  const { refusal, message } = error;
  const reason = message.slice(0, 1_000);
  const alert: Told = {
    id: `seal/${lane}/${signed}/${refusal}`,
    headline: `The trail is not sealed any more: ${reason}`,
    done: [`what was signed before stands: ${signed} entries`],
    next: 'nothing is signed until a person has looked: docs/runbook.md, "The trail is not sealed"',
  };
  return {
    key: `seal/${lane}/${signed}#refused,${refusal}`,
    entries: called('seal.refused', { lane, source, reason, detail: { refusal, signed, lane } }, alert),
  };
};

/** What is put on record when something is not as it was signed. Once for each thing and what it was made into. */
export const foundGroup = (finding: Finding, lane: string, source: Source): OwnGroup =>
  'entry' in finding ? alteredGroup(finding.entry, lane, source) : archiveGroup(finding.archive, lane, source);

const alteredGroup = ({ seq, segment, signed, found }: Altered, lane: string, source: Source): OwnGroup => {
  const reason = `entry ${seq} in segment ${segment} of the table is not the one that was signed`;
  const told = calling(
    `${seq}/${(found ?? 'gone').slice(0, 16)}`,
    lane,
    reason,
    'the archive still has what was signed',
  );
  return {
    key: `altered/${lane}/${seq}#${found ?? 'gone'}`,
    entries: called('trail.altered', { lane, source, reason, detail: { seq, segment, signed, found, lane } }, told),
  };
};

const archiveGroup = (what: string, lane: string, source: Source): OwnGroup => {
  const reason = `in the archive ${what}`.slice(0, 1_000);
  const mark = sha256(what).slice(0, 16);
  const told = calling(`archive/${mark}`, lane, reason, 'the table still has what was recorded');
  return {
    key: `altered/${lane}/archive#${mark}`,
    entries: called('trail.altered', { lane, source, reason, detail: { archive: what, lane } }, told),
  };
};

const calling = (id: string, lane: string, reason: string, done: string): Told => ({
  id: `altered/${lane}/${id}`,
  headline: `The trail was altered: ${reason}`,
  done: [done],
  next: 'nothing is repaired by itself: docs/runbook.md, "The trail was altered"',
});

/** What is put on record when the time of recording went back. Once for each entry. */
export const misdatedGroup = ({ seq, observedAt, after }: Misdated, lane: string, source: Source): OwnGroup => {
  const reason = `entry ${seq} says that it was recorded at ${observedAt}, the one before it at ${after}`;
  const told: Told = {
    id: `misdated/${lane}/${seq}`,
    headline: `The time of recording went back: ${reason}`,
    done: ['it is signed in its place: seq tells the order'],
    next: 'find out whose clock it was: docs/runbook.md, "The time of recording went back"',
  };
  const detail = { seq, observedAt, after, lane };
  return { key: `misdated/${lane}/${seq}`, entries: called('trail.misdated', { lane, source, reason, detail }, told) };
};

type Told = Pick<Alert, 'id' | 'headline' | 'done' | 'next'>;
type Said = { lane: string; source: Source; reason: string; detail: OwnDraft['detail'] };

const called = (kind: OwnKind, said: Said, told: Told): OwnDraft[] => {
  const alert: Alert = {
    incident: null,
    environment: '',
    service: 'escalator',
    severity: 'page',
    change: null,
    author: null,
    subject: null,
    failing: ['seal-trail'],
    ...told,
  };
  return [draft(kind, said), draft('alert.raised', { ...said, detail: { alert } })];
};

const draft = (kind: OwnKind, { lane, source, reason, detail }: Said): OwnDraft =>
  ownDraft({
    kind,
    subject: `escalator:trail/${lane}`,
    outcome: 'failed',
    reason,
    source,
    detail,
  });
