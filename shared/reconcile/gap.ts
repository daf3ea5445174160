import type { Alert } from '../ladder/events.ts';
import type { Instant, Json, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnGroup } from '../trail/own-kinds.ts';
import { type AlarmItem } from './alarm-history.ts';
import { type BranchMove } from './branches.ts';
import { type Target, targetName } from './targets.ts';

/** Something that must have happened, and that nobody told of and no service tells of any more. */
export type Gap = {
  target: Target;
  /** what tells this gap from every other of its target */
  mark: string;
  reason: string;
  from: Instant | null;
  until: Instant | null;
};

/** What CloudWatch no longer says: an alarm cannot have changed from a state that it was not in. */
export const alarmGap = (before: Pick<AlarmItem, 'value' | 'at'> | null, item: AlarmItem): Gap | null => {
  // One that was made anew begins without data, and its history does not say so.
  if (before === null || item.was === '' || item.was === 'INSUFFICIENT_DATA' || item.was === before.value) return null;
  return {
    target: { of: 'alarm', alarm: item.alarm },
    mark: item.at,
    reason: `alarm ${item.alarm} went from ${item.was} to ${item.value}, and was ${before.value} when it was told of last`,
    from: before.at,
    until: item.at,
  };
};

/** A branch that is somewhere else, and no event and no call on record says who put it there. */
export const branchGap = (
  repository: string,
  { branch, old, commit }: BranchMove,
  from: Instant,
  until: Instant,
): Gap => ({
  target: { of: 'branches', repository },
  mark: JSON.stringify([branch, old, commit, from]),
  reason: `branch ${branch} of ${repository} went from ${short(old)} to ${short(commit)}, and nobody says who moved it`,
  from,
  until,
});

const short = (commit: string | null): string => commit?.slice(0, 7) ?? 'nothing';

/** Nobody looked for longer than the service keeps its past. */
export const forgottenGap = (target: Target, from: Instant, until: Instant): Gap => ({
  target,
  mark: from,
  reason: `${targetName(target)} was not read from ${from} on, and its service keeps nothing from before ${until}`,
  from,
  until,
});

/** What is put on record of a gap, once: what is known of it, and the alert that tells people. */
export const gapGroup = ({ target, mark, reason, from, until }: Gap, source: Source): OwnGroup => {
  const key = `gap/${targetName(target)}#${mark}`;
  const said = { subject: `escalator:record/${targetName(target)}`, reason, source };
  const alert: Alert = {
    id: key,
    incident: null,
    environment: '',
    service: 'escalator',
    severity: 'warning',
    headline: `The record has a gap: ${reason}`,
    change: null,
    author: null,
    subject: null,
    failing: [],
    done: ['what could be read is on record'],
    next: 'find out what happened, and note it: docs/runbook.md, "The record has a gap"',
  };
  return {
    key,
    entries: [
      ownDraft({ ...said, kind: 'gap.found', outcome: 'found', detail: { target: targetName(target), from, until } }),
      ownDraft({ ...said, kind: 'alert.raised', detail: { alert: alert as unknown as Json } }),
    ],
  };
};
