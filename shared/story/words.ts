import type { Entry } from '../trail/entry.ts';

/** What is told of an entry: the part of it that people read. */
export type Told = Pick<
  Entry,
  'kind' | 'actor' | 'subject' | 'environment' | 'service' | 'change' | 'execution' | 'outcome' | 'reason' | 'detail'
>;

/** The first seven characters of a commit, as git shows it. */
export const short = (commit: string | null): string => commit?.slice(0, 7) ?? 'nothing';

/** The last part of an ARN or of an id like one: what people call the thing. */
export const nameOf = (subject: string): string => subject.split(/[:/]/).findLast((part) => part !== '') ?? subject;

/** `a`, `a and b`, `a, b and c`. */
export const and = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const longest = 500;

/** One line, and not endless: a reason may hold the whole output of a build. */
export const upTo = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}...`;
};
