import { type Ending, type Invocation, invoke, type Machine } from './process.ts';

/** A function as Lambda runs it: each invocation in a process that is free, or in a new one. */
export type Warm<Wired> = (work: (wired: Wired) => Promise<unknown>) => Promise<Ending>;

/** Lambda lets go of a process that is free when it likes. */
const letGo = 0.03;

/**
 * What a process keeps in mind is there for its next invocation, until it dies or something else is deployed.
 * @param wire what a process does once, when it begins; `at` answers which invocation is at hand
 * @param deployed what is deployed now: a process that began with something else is not used again
 */
export const keptWarm = <Wired>(
  machine: Machine,
  name: string,
  wire: (at: () => Invocation) => Wired,
  deployed: () => string,
): Warm<Wired> => {
  const free: Warmed<Wired>[] = [];
  return async (work) => {
    const now = deployed();
    while (free.some(({ of }) => of !== now) || (free.length > 0 && machine.chance.is(letGo))) free.pop();
    const warmed = free.pop() ?? begun(wire, now);
    const ending = await invoke(machine, name, (invocation) => work(warmed.in(invocation)));
    if (ending.ended !== 'died') free.push(warmed);
    return ending;
  };
};

/** A process: what it wired when it began, and of which deployment it is. */
type Warmed<Wired> = { of: string; in(invocation: Invocation): Wired };

const begun = <Wired>(wire: (at: () => Invocation) => Wired, of: string): Warmed<Wired> => {
  let at: Invocation;
  let wired: Wired | null = null;
  return {
    of,
    in: (invocation) => {
      at = invocation;
      return (wired ??= wire(() => at));
    },
  };
};
