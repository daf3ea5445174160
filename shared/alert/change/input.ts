import type { Instant } from '../../trail/entry.ts';

/** What an entry of the trail says of changes that go through one pipeline. */
export type ChangeInput = ChangeSaid | { type: 'timer'; version: number; due: Instant };

/** `at` is when it happened; what is `late` is no news any more. */
export type ChangeSaid = { type: 'change'; seq: number; at: Instant; late: boolean; fact: Fact };

/** A pull request, and the two commits between which it is shown. */
export type Pull = { id: string; before: string; after: string };

export type Author = { name: string; email: string | null };

export type Fact =
  | { said: 'pushed'; commit: string; repository: string | null; ref: string; old: string | null; by: string }
  | { said: 'described'; commit: string; author: Author | null; subject: string | null; parent: string | null }
  /** `merged` is the commit that it came as; null where it is open */
  | { said: 'pull'; repository: string | null; source: string; merged: string | null; pull: Pull }
  | { said: 'sourced'; commit: string; repository: string | null; execution: string }
  | { said: 'built'; execution: string; action: string }
  | { said: 'waiting'; execution: string; stage: string; action: string }
  | { said: 'failing'; execution: string; why: string }
  | { said: 'ended'; execution: string; attempt: number; outcome: Ended; reason: string | null }
  | ({ said: 'reached'; commit: string; execution: string; byRollback: boolean } & Where)
  | ({ said: 'quarantined'; commit: string; incident: string | null; by: string | null; why: string } & Where)
  /** a release is the suspect of an incident, by the execution that brought it; and nothing more is done about that incident */
  | ({ said: 'suspected'; incident: string; execution: string } & Where)
  | ({ said: 'handed-over'; incident: string; why: string } & Where)
  | ({ said: 'warned'; commit: string; contains: string; advice: string } & Where);

/** How an execution can come to its end without having gone through. */
export type Ended = 'failed' | 'stopped' | 'canceled' | 'superseded';

/** A service, and the environment that it is in. */
export type Where = { environment: string; service: string };
