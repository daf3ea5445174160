import { createHash } from 'node:crypto';
import { factsIn } from '../../shared/event/facts-in.ts';
import type { Draft, Group } from '../../shared/trail/entry.ts';
import { bodyOf, context, filesUnder, fixtures, nameOf } from '../shared/event/harness.ts';

/**
 * What delivery puts on record: every kind of event there is a fixture of, again and again, each time with commits and
 * executions of its own. The same number gives the same group.
 */
export const workload = (): ((n: number) => Group) => {
  const texts = filesUnder(fixtures)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => factsIn(bodyOf(nameOf(file)), context).groups)
    .flatMap(({ entries }) => entries)
    .map((draft) => JSON.stringify(draft));
  return (n) => {
    const turn = Math.floor(n / texts.length);
    const text = (texts[n % texts.length] ?? '').replaceAll(identifier, (was) => other(was, turn));
    const draft = JSON.parse(text) as Draft;
    return { key: `${draft.subject}#${draft.kind},${n}`, entries: [draft] };
  };
};

/** Commits and digests, UUIDs. */
const identifier = /[0-9a-f]{40,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const other = (was: string, turn: number): string => {
  const digits = createHash('sha256').update(`${turn} ${was}`).digest('hex');
  let at = 0;
  return was.replaceAll(/[0-9a-f]/g, () => digits[(at += 1) % digits.length] ?? '0');
};
