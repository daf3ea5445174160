import { otherWithoutSnapshots } from '../without-snapshots.ts';
import { named } from './beginnings.ts';
import { type Durable, fork, keyOf } from './durable.ts';
import { endsWell, goOn, type Kind, kinds, take, timePasses } from './inputs.ts';
import { drain, type Machine, machineOn } from './machine.ts';

/** What came of all sequences below a beginning. */
export type Explored = {
  /** sequences of inputs taken, and of those that could not happen as their last input had nothing to change */
  sequences: number;
  idle: number;
  /** how often a process ended after which effect */
  crashed: { [boundary: string]: number };
  /** how often what came of that was not the same as without it */
  differing: number;
  /** how often an act was late, so that the next input came before it */
  late: number;
  failures: { path: string[]; violations: string[] }[];
};

export const nothingExplored = (): Explored => ({
  sequences: 0,
  idle: 0,
  crashed: {},
  differing: 0,
  late: 0,
  failures: [],
});

/** A place where a process may end, and what is durable then. */
type Ending = { boundary: string; durable: Durable };

/** Asked of each part of all sequences in their order: whether it is to be taken here, or is by another. */
export type IsMine = () => boolean;

/**
 * Takes every sequence of up to `depth` inputs from a state on, each with a process that ends after every effect of
 * every input; checks everything after every input, and that everything comes to an end after the last. What begins
 * alike is taken once: its world is forked, not played again.
 *
 * To end before an effect is to end after the one before it: nothing durable is between them. To end in one place and
 * then go on as if nothing had been is seen from what is durable after it; where that is the same, so is all that follows.
 */
export const explore = async (from: Durable, depth: number, all: Explored, isMine: IsMine): Promise<void> => {
  for (const kind of kinds) {
    const mine = isMine();
    const durable = await oneInput(
      from,
      kind,
      [kind.name],
      mine ? all : nothingExplored(),
      mine ? { depth, crashes: true } : null,
    );
    if (durable === null || depth < 2) continue;
    if (mine) await belowLate(from, kind, depth, [], all);
    for (const next of kinds) if (isMine()) await below(durable, next, depth - 1, [kind.name], all, true);
  }
};

/** All sequences of up to `depth` inputs that begin with `kind`. */
const below = async (from: Durable, kind: Kind, depth: number, before: string[], all: Explored, crashes: boolean) => {
  const path = [...before, kind.name];
  const durable = await oneInput(from, kind, path, all, { depth, crashes });
  if (durable === null || depth < 2) return;
  await belowLate(from, kind, depth, before, all);
  for (const next of kinds) await below(durable, next, depth - 1, path, all, crashes);
};

/** The same input, and its act is late: what is next comes between what the ladder intends and what is done. */
const belowLate = async (from: Durable, kind: Kind, depth: number, before: string[], all: Explored) => {
  const durable = fork(from);
  const machine = machineOn(durable);
  await take(machine, kind, 'acts are late');
  if (durable.acts.length === 0) return;
  const path = [...before, kind.name, '(its act is late)'];
  note(machine, path, all);
  all.late += 1;
  for (const next of kinds) await below(durable, next, depth - 1, path, all, false);
};

/**
 * One input and all the places in it where a process may end, and what comes of each.
 * @param how null where another share answers for it
 * @returns what is durable after it with nothing gone wrong; null where it could not happen
 */
const oneInput = async (
  from: Durable,
  kind: Kind,
  path: string[],
  all: Explored,
  how: { depth: number; crashes: boolean } | null,
): Promise<Durable | null> => {
  const durable = fork(from);
  const endings: Ending[] = [];
  const reached = (boundary: string): void => void endings.push({ boundary, durable: fork(durable) });
  const machine = machineOn(durable, how?.crashes === true ? reached : undefined);
  const happened = await take(machine, kind);
  all[happened ? 'sequences' : 'idle'] += 1;
  note(machine, path, all);
  if (!happened) return null;
  if (how === null) return durable;
  const key = keyOf(durable);
  for (const ending of endings) await ended(ending, kind, { path, key, depth: how.depth }, all);
  await toItsEnd(durable, path, all);
  return durable;
};

/** Sequences of up to this many inputs are taken with two processes that end, too. */
const endsTwiceUpTo = 2;

/** A process ended here: others go on. What comes of it that is not the same as without it has sequences of its own. */
const ended = async (
  { boundary, durable }: Ending,
  kind: Kind,
  { path, key, depth }: { path: string[]; key: string; depth: number },
  all: Explored,
): Promise<void> => {
  const way = [...path, `(ended after ${boundary})`];
  const again: Ending[] = [];
  const reached = (next: string): void => void again.push({ boundary: next, durable: fork(durable) });
  const isFirst = !path.some((step) => step.startsWith('(ended'));
  all.crashed[boundary] = (all.crashed[boundary] ?? 0) + 1;
  await others(durable, kind, way, all, isFirst && path.length <= endsTwiceUpTo ? reached : undefined);
  for (const ending of again) await ended(ending, kind, { path: way, key, depth: 1 }, all);
  if (keyOf(durable) === key) return;
  all.differing += 1;
  for (const next of kinds) if (depth > 1) await below(durable, next, depth - 1, way, all, false);
  await toItsEnd(durable, way, all);
};

/** What is durable goes on with other processes. What waited in no queue is begun again: the schedule, or the person. */
const others = async (
  durable: Durable,
  kind: Kind,
  path: string[],
  all: Explored,
  reached?: (what: string) => void,
) => {
  const machine = machineOn(durable, reached);
  await goOn(machine, kind);
  note(machine, path, all);
};

const turnsAtMost = 150;

/** Everything is mended, and nobody holds anything: it must come to rest, and everything that ends must have been told. */
const toItsEnd = async (from: Durable, path: string[], all: Explored): Promise<void> => {
  const durable = fork(from);
  const machine = machineOn(durable);
  const { world, invariants } = machine;
  durable.aws.killSwitch = world.killSwitch = 'allow';
  for (const name of ['node passes', 'smoke passes']) await take(machine, named(name));
  if (durable.aws.held) await take(machine, named('a person holds it, or resumes it'));
  for (let turn = 0; turn < turnsAtMost && invariants.isOpen(); turn += 1) {
    await take(machine, endsWell);
    await take(machine, timePasses);
  }
  await drain(machine);
  invariants.end(durable.intake.length + durable.acts.length + durable.alerts.length);
  const states = machine.durable.memory.ladders;
  for (const ladder of await otherWithoutSnapshots(durable.lane, states))
    invariants.violations.push(`I16 ${ladder} is another without its snapshots`);
  note(machine, [...path, '(to its end)'], all);
};

const note = ({ invariants }: Machine, path: string[], all: Explored): void => {
  if (invariants.violations.length > 0) all.failures.push({ path, violations: [...invariants.violations] });
};
