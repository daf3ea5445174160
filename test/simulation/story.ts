import type { Entry } from '../../shared/trail/entry.ts';
import type { Run } from './simulate.ts';

/** A run as a person reads it: what happened in the world, what went wrong, and what Escalator made of it, by time. */
export const storyOf = ({ seed, story, entries, violations }: Run): string => {
  const happened = story.map(({ ms, what }) => `${clock(new Date(ms).toISOString())} ${what}`);
  const lines = [...happened, ...entries.filter(isTold).map(line)].toSorted();
  return [`seed ${seed}`, ...lines, ...violations.map((violation) => `VIOLATION ${violation}`)].join('\n');
};

const clock = (instant: string): string => instant.slice(5, 23).replace('T', ' ');

/** Bookkeeping is left out. */
const isTold = ({ kind }: Entry): boolean => !['timer.set', 'ladder.decided'].includes(kind);

const line = ({ observedAt, kind, service, outcome, reason, detail }: Entry): string =>
  [
    clock(observedAt),
    `  ${kind}`,
    service ?? '',
    typeof detail['check'] === 'string' ? `${detail['check']} is ${String(detail['value'] ?? '')}` : '',
    outcome ?? '',
    reason ?? '',
  ]
    .filter((word) => word !== '')
    .join(' ');
