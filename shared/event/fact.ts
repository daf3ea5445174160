import { canonical, sha256 } from '../trail/canonical.ts';
import type { Actor, Change, Draft, Group, Instant, Redaction, Source } from '../trail/entry.ts';
import { serviceActor } from './actor.ts';
import { type Envelope, withoutSource } from './envelope.ts';
import { cut, type JsonObject, present } from './fields.ts';
import { instant } from './instant.ts';
import type { Kind } from './kinds.ts';
import type { Locate, Located } from './locate.ts';
import type { Reconciled } from './reconciled.ts';
import { besideReplay, replayOf } from './replay.ts';

/** What normalising needs to know beside the event. */
export type Context = {
  /** ours; used where an event does not say whose it is */
  account: string;
  region: string;
  locate: Locate;
  /** keyed digest (hex) of a text */
  digest: (raw: string) => string;
  /** the message as it came; only its digest goes on record */
  raw: string;
  /** whether AWS vouches for the identities in events; on one machine nobody does */
  identitiesVerified: boolean;
  /** set where no event told it: a service was asked, and what it answered is written as its event */
  reconciled?: Reconciled;
};

/** What a source's normaliser makes of an event: what differs from event to event, and nothing else. */
export type Fact = {
  kind: Kind;
  subject: string;
  /** what makes the fact this one and no other, without the subject; left out, the event's whole content does */
  key?: (string | number | null)[];
  /** by default the event's `time` */
  occurredAt?: Instant | null;
  /** by default the service that reports it */
  actor?: Actor;
  located?: Located | null;
  change?: Change | null;
  execution?: string | null;
  outcome?: string | null;
  reason?: string | null;
  detail: JsonObject;
};

/** Makes a fact of an event, or null where its shape is not one it knows: it is then recorded as `unknown`. */
export type Normaliser = (event: Envelope, context: Context) => Fact | null;

/** Longest texts in a record (characters). The rest of a longer one stands in the detail, where the event has it. */
const maxReason = 2_000;
const maxName = 1_000;

/** DynamoDB takes partition keys of up to 2,048 bytes; a fact key that is longer, as JSON, is replaced by its hash. */
const maxKeyBytes = 1_024;

/** The key of a fact that its time tells from others like it; where none is said, the event's whole content does. */
export const keyAt = (time: string | null, ...parts: (string | number | null)[]): Pick<Fact, 'key'> =>
  time === null ? {} : { key: [...parts, time] };

/** A plain fact: a group of one. */
export const groupOf = (fact: Fact, event: Envelope, redactions: Redaction[], context: Context): Group<Kind> => {
  const key = factKey(bounded(fact.subject), fact.key ?? [fact.kind, contentDigest(event, context)]);
  return { key, entries: [draftOf(fact, event, redactions, context)] };
};

/** Its names are in the order in which they are put on record, so that nothing sorts them again. */
const draftOf = (fact: Fact, event: Envelope, redactions: Redaction[], context: Context): Draft<Kind> => {
  const occurredAt = fact.occurredAt === undefined ? instant(event.time) : fact.occurredAt;
  return {
    actor: boundedActor(fact.actor ?? reporter(event)),
    change: fact.change == null ? null : boundedChange(fact.change),
    detail: { ...fact.detail, ...origin(event, besideReplay(event), occurredAt, context) },
    environment: fact.located?.environment ?? null,
    execution: fact.execution == null ? null : bounded(fact.execution),
    kind: fact.kind,
    occurredAt,
    outcome: fact.outcome == null ? null : bounded(fact.outcome),
    reason: fact.reason == null ? null : cut(fact.reason, maxReason),
    redactions,
    release: null,
    service: fact.located?.service ?? null,
    source: sourceOf(event, context),
    subject: bounded(fact.subject),
  };
};

const bounded = (name: string): string => cut(name, maxName);

const boundedActor = (actor: Actor): Actor => {
  switch (actor.type) {
    case 'person':
      return { ...actor, id: bounded(actor.id), name: bounded(actor.name) };
    case 'role-session':
      return { ...actor, id: bounded(actor.id), role: bounded(actor.role), session: bounded(actor.session) };
    case 'service':
      return { ...actor, name: bounded(actor.name) };
    case 'unknown':
      return actor;
  }
};

const boundedChange = ({ repository, commit }: Change): Change => ({
  commit: bounded(commit),
  repository: repository === null ? null : bounded(repository),
});

const sourceOf = (event: Envelope, context: Context): Source => ({
  account: bounded(event.account ?? context.account),
  digest: context.digest(context.raw),
  id: event.id === null ? null : bounded(event.id),
  name: bounded(saidSource(event)),
  region: bounded(event.region ?? context.region),
});

/** What only looks like a service's event is not that service's word: it is on record, and decides nothing. */
const saidSource = ({ source, via }: Envelope): string => (via.includes(withoutSource) ? 'unknown' : source);

/** `aws.codepipeline` reports as `codepipeline.amazonaws.com`. */
const reporter = (event: Envelope): Actor => {
  const source = saidSource(event);
  return source.startsWith('aws.') ? serviceActor(`${source.slice('aws.'.length)}.amazonaws.com`) : { type: 'unknown' };
};

/** The event itself, so that nothing it said is lost. Its time is kept as it was written where it is not `occurredAt`. */
const origin = (
  event: Envelope,
  beside: JsonObject,
  occurredAt: Instant | null,
  { reconciled }: Context,
): JsonObject => ({
  ...present({
    detailType: event.detailType === '' ? null : event.detailType,
    resources: event.resources.length === 0 ? null : event.resources,
    claimedTime: occurredAt !== null && instant(event.time) === occurredAt ? null : event.time,
    via: event.via.length === 0 ? null : event.via,
    beside: Object.keys(beside).length === 0 ? null : beside,
    replayed: replayOf(event),
    reconciled: reconciled?.as,
    readBy: reconciled?.by,
  }),
  event: event.detail,
});

/**
 * Ours, from what the fact is about, never from the transport: `<subject>#<rest>`. Commas separate
 * the parts; a comma in one is escaped, so that no two facts can be made to share a key.
 */
export const factKey = (subject: string, parts: (string | number | null)[]): string => {
  const key = `${subject}#${parts.map(escaped).join(',')}`;
  return Buffer.byteLength(JSON.stringify(key)) <= maxKeyBytes + 2 ? key : `long#${sha256(key)}`;
};

const escaped = (part: string | number | null): string =>
  String(part ?? '-').replace(/[%,]/g, (char) => (char === '%' ? '%25' : '%2C'));

/**
 * Keyed digest of all that an event says, without its envelope's id and the name of a replay: the same event put again,
 * under a new id, is the same fact.
 */
export const contentDigest = (event: Envelope, { digest }: Context): string => {
  const { source, detailType, account, region, time, resources, detail } = event;
  const { id: _, ...beside } = besideReplay(event);
  return digest(canonical({ source, detailType, account, region, time, resources, detail, beside }));
};
