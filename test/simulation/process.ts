import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { VirtualTime } from './time.ts';

/** What may happen to a call at the edge of a process. */
export type Strike = 'none' | 'crash before' | 'crash after' | 'throttled' | 'no effect' | 'no answer';

/** Decides what happens at each boundary: by chance, or as a test wants it. */
export type Strikes = (boundary: string) => Strike;

/** One invocation of a function. Its process may end at any call it makes, and then nothing more of it is done. */
export type Invocation = {
  name: string;
  /** its own clock, which may be wrong */
  now: () => Date;
  /** every effect and every reading goes through here */
  call<T>(what: string, effect: () => T | Promise<T>): Promise<T>;
};

export type Ending = { ended: 'done'; answer: unknown } | { ended: 'failed'; error: unknown } | { ended: 'died' };

export type Machine = { time: VirtualTime; chance: Chance; faults: Faults; strikes: Strikes };

/** A Lambda function's own limit. */
export const timeoutMs = 60_000;

/** By chance, as often as the weather says. */
export const byChance = (chance: Chance, faults: Faults, time: VirtualTime): Strikes => {
  let burstUntil = 0;
  const isThrottled = (): boolean => {
    if (time.now() < burstUntil && faults.throttled > 0) return chance.is(0.7);
    if (!chance.is(faults.throttled)) return false;
    if (chance.is(0.1)) burstUntil = time.now() + chance.spread(1_000, 300_000);
    return true;
  };
  return () => {
    if (chance.is(faults.crash)) return chance.is(0.5) ? 'crash before' : 'crash after';
    if (isThrottled()) return 'throttled';
    if (chance.is(faults.noEffect)) return 'no effect';
    return chance.is(faults.noAnswer) ? 'no answer' : 'none';
  };
};

export const invoke = (
  machine: Machine,
  name: string,
  work: (invocation: Invocation) => Promise<unknown>,
): Promise<Ending> => {
  const { time, chance, faults } = machine;
  const skewMs = chance.is(faults.clock) ? chance.between(-300_000, 300_000) : 0;
  return new Promise((resolve) => {
    let alive = true;
    const end = (ending: Ending): void => {
      if (!alive) return;
      alive = false;
      callOff();
      resolve(ending);
    };
    const die = (): void => end({ ended: 'died' });
    const callOff = time.at(time.now() + timeoutMs, die);
    const reach = <T>(what: string, effect: () => T | Promise<T>): Promise<T> =>
      alive ? struck(machine.strikes(`${name}: ${what}`), effect, die) : forever();
    const call = <T>(what: string, effect: () => T | Promise<T>): Promise<T> =>
      chance.is(faults.slow)
        ? time.sleep(chance.spread(1, 2_000)).then(() => reach(what, effect))
        : reach(what, effect);
    work({ name, now: () => new Date(time.now() + skewMs), call }).then(
      (answer) => end({ ended: 'done', answer }),
      (error: unknown) => end({ ended: 'failed', error }),
    );
  });
};

const forever = (): Promise<never> => new Promise(() => {});

/** What is not struck is by far the most: it takes no turn more than the effect itself does. */
const struck = <T>(strike: Strike, effect: () => T | Promise<T>, die: () => void): Promise<T> => {
  if (strike !== 'none') return hit(strike, effect, die);
  try {
    return Promise.resolve(effect());
  } catch (error) {
    return failed(error);
  }
};

const hit = async <T>(strike: Strike, effect: () => T | Promise<T>, die: () => void): Promise<T> => {
  if (strike === 'crash before') return (die(), forever());
  if (strike === 'throttled') return failed(named('ThrottlingException', 'Rate exceeded'));
  if (strike === 'no effect') return failed(named('TimeoutError', 'socket hang up'));
  const answer = await effect();
  if (strike === 'crash after') return (die(), forever());
  if (strike === 'no answer') throw named('TimeoutError', 'socket hang up');
  return answer;
};

/** Not before somebody waits for it: Node takes note of each promise that fails and that nobody waits for yet. */
const failed = (error: unknown): Promise<never> =>
  Promise.resolve().then(() => {
    throw error;
  });

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
