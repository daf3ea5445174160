import type { Notice, Severity } from '../alert/notice.ts';
import { at, text } from '../event/fields.ts';
import type { Alert } from '../ladder/events.ts';
import { whoIs } from '../population/who.ts';
import { says } from '../story/says.ts';
import { sha256 } from '../trail/canonical.ts';
import type { Entry } from '../trail/entry.ts';
import type { ReadyRule } from './ready.ts';

/** What the names of all groups of news begin with. No environment can be called so. */
const prefix = 'news:';

/** The name in the configuration whose news a group gathers; null for another group. */
export const newsNamed = (group: string): string | null =>
  group.startsWith(prefix) ? (group.slice(prefix.length).split('/')[0] ?? null) : null;

/** What says the same in all fields of its rule is one group: `news:security/root-used`. */
export const newsGroup = ({ of, name, together = name, by }: ReadyRule, entry: Entry): string =>
  `${prefix}${[of, ...(of === name ? [] : [together]), ...by.map((field) => labelOf(entry, field))].join('/')}`;

/** Names as they are; whatever else somebody wrote into a field has no place in the name of a group. */
const labelOf = (entry: Entry, field: string): string => {
  const value = at(entry, ...field.split('.')) ?? '-';
  const label = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w.@+=-]{1,64}$/.test(label) ? label : sha256(label).slice(0, 12);
};

/** An entry as people are told of it. A page calls until somebody acknowledges it; all else is told once. */
export const newsNotice = (rule: ReadyRule, entry: Entry): Notice => {
  const alert = alertOf(rule, entry);
  return {
    about: sha256(alert.headline).slice(0, 16), // the same again is counted, and no line of its own
    says: rule.severity === 'page' ? 'call' : 'once',
    severity: rule.severity,
    alert,
    mutedBy: mutedBy(entry),
  };
};

const spoken: { [severity in Severity]: Alert['severity'] } = { page: 'page', ticket: 'warning', info: 'info' };

const alertOf = (rule: ReadyRule, entry: Entry): Alert => ({
  id: `${prefix}${rule.of}/${rule.name}/${entry.seq}`,
  incident: null,
  environment: entry.environment ?? '',
  service: entry.service ?? '',
  severity: spoken[rule.severity],
  headline: rule.title?.(entry) ?? says(entry),
  change: entry.change,
  author: text(entry.detail, 'release', 'author'),
  subject: text(entry.detail, 'release', 'subject'),
  failing: [],
  done: [],
  next: rule.next,
  news: {
    rule: rule.name,
    who: whoDid(entry),
    at: entry.occurredAt ?? entry.observedAt,
    where: `account ${entry.source.account}, ${entry.source.region}`,
    seq: entry.seq,
  },
});

/** What Escalator itself says it says of what others did, or of what stands in its own messages. */
const whoDid = ({ actor, source }: Entry): string | null =>
  actor.type === 'unknown' || (actor.type === 'service' && source.name === 'escalator') ? null : whoIs(actor);

/** Who wants no actions of the alarm that an entry tells of. */
const mutedBy = ({ kind, detail }: Entry): string | null =>
  kind.startsWith('alarm') ? (text(detail, 'mutedBy') ?? text(detail, 'suppressedBy')) : null;
