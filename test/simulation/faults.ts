import type { Chance } from './chance.ts';

/** How often what goes wrong, each from 0 to 1. */
export type Faults = {
  /** a message is delivered more than once */
  duplicate: number;
  /** a message is late by seconds to minutes, and so out of order */
  late: number;
  /** a message is lost, and comes again after 1 s to 14 d */
  dropped: number;
  /** a timer's message never comes */
  timerLost: number;
  /** a timer's message comes too early */
  timerEarly: number;
  /** of a batch that was done, some comes again */
  partial: number;
  /** a process ends at a boundary, before or after the effect */
  crash: number;
  /** a call takes up to two seconds */
  slow: number;
  /** a call is refused for being too many; every tenth time a burst of it follows, in which most calls are */
  throttled: number;
  /** a call has no answer, and had no effect */
  noEffect: number;
  /** a call has no answer, and had its effect */
  noAnswer: number;
  /** a process whose clock is up to five minutes wrong */
  clock: number;
};

export const noFaults: Faults = {
  duplicate: 0,
  late: 0,
  dropped: 0,
  timerLost: 0,
  timerEarly: 0,
  partial: 0,
  crash: 0,
  slow: 0,
  throttled: 0,
  noEffect: 0,
  noAnswer: 0,
  clock: 0,
};

/** Each run has its own weather: some kinds of fault not at all, some often. */
export const weather = (chance: Chance): Faults => {
  const some = (most: number): number => (chance.is(0.4) ? 0 : chance.number() * most);
  return {
    duplicate: some(0.5),
    late: some(0.4),
    dropped: some(0.2),
    timerLost: some(0.5),
    timerEarly: some(0.3),
    partial: some(0.3),
    crash: some(0.03),
    slow: some(0.4),
    throttled: some(0.05),
    noEffect: some(0.03),
    noAnswer: some(0.03),
    clock: some(0.5),
  };
};
