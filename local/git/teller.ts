import { listRepositories, readReferences } from './repositories.ts';
import type { Push, Told } from './told.ts';

/** Tells what moved in the repositories of a folder: one thing at a time in each of them. */
export type Teller = {
  /** Compares every repository with what was last told. */
  compare: () => Promise<void>;
  /** Runs a push alone in its repository, and ends when what it moved has been told. */
  alone: (repository: string, user: string, push: () => Promise<void>) => Promise<void>;
  /** Waits for what is under way. */
  idle: () => Promise<void>;
};

export type TellerOptions = {
  dir: string;
  told: Told;
  onPush: (push: Push) => unknown;
  log: (line: string) => void;
};

export const createTeller = ({ dir, told, onPush, log }: TellerOptions): Teller => {
  const alone = createLanes();
  const handOn = (): Promise<void> => alone('', () => handOnAll(told, onPush, log));
  const tellMoved = async (repository: string): Promise<void> => {
    told.compare(repository, await readReferences(dir, repository));
    await handOn();
  };
  const compare = async (): Promise<void> => {
    for (const repository of await listRepositories(dir)) await alone(repository, () => tellMoved(repository));
    await handOn();
  };
  return {
    compare,
    alone: (repository, user, push) =>
      alone(repository, async () => {
        await tellMoved(repository); // what moved before is not this pusher's
        told.pushing(repository, user);
        // what cannot be told now is told at the next comparison: the push itself has succeeded
        await push().finally(() =>
          tellMoved(repository).catch((error: unknown) => log(`git remote: ${String(error)}`)),
        );
      }),
    idle: async () => {
      for (const repository of await listRepositories(dir)) await alone(repository, async () => undefined);
    },
  };
};

/** In order, and none left out: what cannot be handed on now is tried again at the next comparison. */
const handOnAll = async (told: Told, onPush: (push: Push) => unknown, log: (line: string) => void): Promise<void> => {
  for (const { seq, ...push } of told.waiting()) {
    try {
      await onPush(push);
    } catch (error) {
      log(`git remote: a push to ${push.branch} of ${push.repository} waits: ${String(error)}`);
      return;
    }
    told.handedOn(seq);
  }
};

/** Runs work one after the other in each lane. */
const createLanes = () => {
  const ends = new Map<string, Promise<unknown>>();
  return <T>(lane: string, work: () => Promise<T>): Promise<T> => {
    const result = (ends.get(lane) ?? Promise.resolve()).then(work);
    ends.set(
      lane,
      result.catch(() => undefined),
    );
    return result;
  };
};
