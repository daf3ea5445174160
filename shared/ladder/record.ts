import type { LadderConfig } from '../config/config.ts';
import type { Entry, Instant, Json, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnDraft, OwnGroup, OwnKind } from '../trail/own-kinds.ts';
import type { Decision } from './decide.ts';
import type { LadderEvent } from './events.ts';
import type { Input, Readings } from './input.ts';
import { evolve, type LadderState } from './state.ts';

/** All that a version was decided on; with the state before it, deciding again gives the same bytes. */
export type DecidedOn = { input: Input; readings: Readings; now: Instant; config: string };

/** The group key of a version: of two deciders that race for it, one is recorded. */
export const versionKey = (ladder: string, version: number): string => `ladder/${ladder}#${version}`;

/** A version of a ladder as a group of entries: what it was decided on, then what was decided. */
export const versionGroup = (
  config: LadderConfig,
  state: LadderState,
  on: DecidedOn,
  decision: Decision,
  source: Source,
): OwnGroup => {
  const version = state.version + 1;
  const incident = incidentOf(state, decision.events);
  const decided = { ladder: config.ladder, version, incident, outcome: decision.outcome, ...plain(on) };
  const said = decision.events.map((event) => ({ incident, version, ...plain(event), type: event.type }));
  return {
    key: versionKey(config.ladder, version),
    entries: [
      draft(config, source, on.now, { type: 'ladder.decided', ...decided }),
      ...said.map((event) => draft(config, source, on.now, event)),
    ],
  };
};

/** The incident that a decision belongs to: the open one, or the one it opens. */
const incidentOf = (state: LadderState, events: readonly LadderEvent[]): string | null =>
  state.incident?.id ?? events.find((event) => event.type === 'incident.opened')?.incident ?? null;

type Said = { type: OwnKind; [field: string]: Json };

const draft = (config: LadderConfig, source: Source, now: Instant, { type, ...detail }: Said): OwnDraft => {
  const about = aboutOf(detail);
  return ownDraft({
    kind: type,
    occurredAt: now,
    subject: `escalator:ladder/${config.ladder}`,
    environment: config.environment,
    service: config.service,
    change: about.commit === null ? null : { repository: repositoryOf(config), commit: about.commit },
    execution: about.execution,
    release: about.release,
    outcome: textOf(detail['outcome']) ?? textOf(detail['status']),
    reason: textOf(detail['reason']),
    source,
    detail,
  });
};

/** Finds the commit, execution and release an event is about, so that questions about a change find it. */
const aboutOf = (detail: { [field: string]: Json }) => {
  const release = objectOf(detail['release']) ?? objectOf(objectOf(detail['intent'])?.['release']);
  const change = objectOf(objectOf(detail['alert'])?.['change']);
  return {
    commit: textOf(release?.['commit']) ?? textOf(detail['commit']) ?? textOf(change?.['commit']),
    execution: textOf(release?.['execution']) ?? textOf(detail['execution']),
    release: textOf(release?.['id']) ?? textOf(detail['release']),
  };
};

/** Nothing is delivered to an environment itself. */
const repositoryOf = (config: LadderConfig): string | null => (config.service === null ? null : config.repository);

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

const objectOf = (value: Json | undefined): { [field: string]: Json } | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;

/**
 * Domain values are plain data without undefined fields, and nobody changes them in place: what goes on record is
 * exactly what was decided, and is not copied for it.
 */
const plain = (value: object): { [field: string]: Json } => value as { [field: string]: Json };

/** Folds a recorded version into the state. */
export const foldVersion = (state: LadderState, entries: Pick<Entry, 'kind' | 'detail'>[]): LadderState => {
  const [decided, ...rest] = entries;
  if (decided === undefined) return state;
  const { version, now, input } = decided.detail as unknown as { version: number; now: Instant; input: Input };
  const folded = rest.map(eventOf).reduce((next, event) => evolve(next, event, version, now), state);
  return { ...folded, version, seen: 'seq' in input ? input.seq : state.seen };
};

/** The event that an entry of a ladder records. */
export const eventOf = (entry: Pick<Entry, 'kind' | 'detail'>): LadderEvent => {
  const { version: _version, ...fields } = entry.detail;
  return { type: entry.kind, ...fields } as unknown as LadderEvent;
};
