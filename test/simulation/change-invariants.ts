import { isOfChanges } from '../../shared/alert/change/inputs-of.ts';
import { foldChanges } from '../../shared/alert/change/record.ts';
import { type Changes, noChanges } from '../../shared/alert/change/state.ts';
import type { Settled } from '../../shared/alert/change/decide.ts';
import type { Entry } from '../../shared/trail/entry.ts';

/** A timer that is lost is found within a minute, and by a process whose clock is right. */
const foundWithin = 120_000;

/** Whether an entry is a version of what developers are told. */
export const isOfDevelopers = ({ detail }: Entry): boolean =>
  typeof detail['group'] === 'string' && isOfChanges(detail['group']);

/** What developers are told, folded from what is on record: each thing once, and nothing waits that nobody will look at. */
export const watchChanges = (all: Entry[], now: number, broken: (number: string, what: string) => void): void => {
  const groups = new Map<string, Changes>();
  const known = new Set<string>();
  for (const decided of all.filter((entry) => entry.kind === 'alert.decided' && isOfDevelopers(entry))) {
    const { group, settled } = decided.detail as unknown as { group: string; settled: Settled };
    for (const news of settled.topic.map((one) => `${group} ${one}`)) {
      if (known.has(news)) broken('I14', `${decided.factKey} tells what was told before: ${news}`);
      known.add(news);
    }
    groups.set(group, foldChanges(groups.get(group) ?? noChanges, [decided]));
  }
  for (const [group, { changes, timer }] of groups) {
    const waits = changes.some(({ news }) => news.some(({ to }) => to.topic));
    if (timer === null ? waits : Date.parse(timer.due) < now - foundWithin)
      broken('I14', `what ${group} has to tell is not looked at since ${timer?.due ?? 'ever'}`);
  }
};
