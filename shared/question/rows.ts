import type { Row } from '../ports.ts';
import type { Actor, Entry } from '../trail/entry.ts';
import { pad } from '../trail/keys.ts';

/** The commit of an execution, as far as the trail has told. */
export type CommitOf = (execution: string) => string | null;

/** The name by which an actor is asked for. */
export const actorName = (actor: Actor): string => {
  switch (actor.type) {
    case 'person':
      return actor.name;
    case 'role-session':
      return actor.session;
    case 'service':
      return actor.name;
    case 'unknown':
      return 'unknown';
  }
};

/** The questions that an entry is an answer to. */
export const questionsOf = (entry: Entry, commitOf: CommitOf): string[] => {
  const commit = entry.change?.commit ?? (entry.execution === null ? null : commitOf(entry.execution));
  const { incident } = entry.detail;
  return [
    `kind:${entry.kind}`,
    `subject:${entry.subject}`,
    `actor:${actorName(entry.actor)}`,
    ...(commit === null ? [] : [`change:${commit}`]),
    ...(entry.execution === null ? [] : [`execution:${entry.execution}`]),
    ...(entry.environment === null ? [] : [`environment:${entry.environment}`]),
    ...(entry.service === null ? [] : [`service:${entry.service}`]),
    ...(typeof incident === 'string' ? [`incident:${incident}`] : []),
  ];
};

/** One row for each question and segment: which entries of the segment answer it. */
export const rowsOf = (segment: number, entries: Entry[], commitOf: CommitOf): Row[] => {
  const answers = new Map<string, number[]>();
  for (const entry of entries) {
    for (const question of questionsOf(entry, commitOf))
      answers.set(question, [...(answers.get(question) ?? []), entry.seq]);
  }
  return [...answers].map(([question, seqs]) => ({ question, sort: pad(segment), segment, body: { seqs } }));
};

/** What ties an execution to its commit, where an entry says both. */
export const linkOf = (entry: Entry): { execution: string; commit: string } | null =>
  entry.execution !== null && entry.change !== null
    ? { execution: entry.execution, commit: entry.change.commit }
    : null;

/** A commit can be asked for by the first characters of its name. */
export const prefixLength = 7;
