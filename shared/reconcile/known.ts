import { text } from '../event/fields.ts';
import type { Kind } from '../event/kinds.ts';
import type { Draft, Entry, Instant } from '../trail/entry.ts';

/**
 * The key of a fact is the same however it came, as far as the service tells the same of it. Where it does not (a
 * service counts attempts and its API does not; the history of an alarm, or of a stack, may be a little beside its event), what is
 * on record is compared besides: what was told is never told again.
 */
export const isKnown = (draft: Draft<Kind>, entries: Entry[]): boolean => entries.some((entry) => isSame(draft, entry));

/** How far the times of one fact may be apart (ms): of an alarm's state, of what an execution did again, of a stack's state. */
const alarmApartMs = 2_000;
const attemptApartMs = 60_000;
const stackApartMs = 2_000;

/** What an execution, or a stage of it, does once and never again. */
const once = /^(?:pipeline\.(?:started|succeeded|superseded|canceled)|stage\.(?:started|succeeded))$/;

const isSame = (draft: Draft<Kind>, entry: Entry): boolean => {
  if (draft.kind !== entry.kind || draft.subject !== entry.subject) return false;
  if (draft.kind === 'alarm.changed') return draft.outcome === entry.outcome && areNear(draft, entry, alarmApartMs);
  if (isOfStack(draft)) return isSameOfStack(draft, entry);
  if (!/^(?:pipeline|stage)\./.test(draft.kind)) return false;
  if (draft.execution !== entry.execution || stageOf(draft) !== stageOf(entry)) return false;
  return once.test(draft.kind) || areNear(draft, entry, attemptApartMs);
};

const isOfStack = ({ kind }: Pick<Entry, 'kind'>): boolean =>
  kind.startsWith('stack.') || kind === 'stack-resource.changed';

/** A resource may have one status twice in a second: with another reason, or once its own id is known. */
const isSameOfStack = (draft: Draft<Kind>, entry: Entry): boolean =>
  draft.reason === entry.reason &&
  ['status', 'detailedStatus', 'resource', 'physicalId', 'clientRequestToken'].every(
    (name) => text(draft.detail, name) === text(entry.detail, name),
  ) &&
  areNear(draft, entry, stackApartMs);

const stageOf = ({ detail }: Pick<Entry, 'detail'>): string | null => text(detail, 'stage');

const areNear = (one: Pick<Entry, 'occurredAt'>, other: Pick<Entry, 'occurredAt'>, apartMs: number): boolean =>
  one.occurredAt !== null && other.occurredAt !== null && ms(one.occurredAt, other.occurredAt) <= apartMs;

const ms = (one: Instant, other: Instant): number => Math.abs(Date.parse(one) - Date.parse(other));

/** Under which question the index lists what may be the same fact; null where its key alone tells. */
export const questionFor = (draft: Draft<Kind>): string | null => {
  const { kind, subject, execution } = draft;
  if (kind === 'alarm.changed' || isOfStack(draft)) return `subject:${subject}`;
  return execution !== null && /^(?:pipeline|stage)\./.test(kind) ? `execution:${execution}` : null;
};
