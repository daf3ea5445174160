import { expect } from 'vitest';
import type { ServiceConfig } from '../../shared/config/config.ts';
import type { Rail } from '../../shared/ladder/rail.ts';
import { railsOf } from '../../shared/ladder/rails.ts';
import type { LadderEvent } from '../../shared/ladder/events.ts';
import { shop, type TestLadder, verifyAll, wide } from './ladder.ts';

/** What each row tells. */
export const columns = ['about', 'closed', 'due', 'frees', 'is', 'limit', 'name', 'unit', 'used'];
/** One row of `ladder show`, by its name. */
export const rail = (test: TestLadder, name: string): Rail => {
  const found = railsOf(test.state(), test.config, test.now()).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rail ${name}`);
  expect(Object.keys(found).toSorted()).toEqual(columns);
  return found;
};
/** Lets time pass to a moment, or a little later (ms). */
export const goTo = (test: TestLadder, at: string | null, later = 0): void =>
  test.forward(Date.parse(at ?? '') + later - Date.parse(test.now()));
export const handedOver = (test: TestLadder): string => test.state().hold?.reason ?? 'not handed over';

/** A check begins to fail so that its quiescence is over at a moment, or a little later. */
export const engagedAt = (test: TestLadder, at: string | null, later: number): readonly LadderEvent[] => {
  goTo(test, at, later - test.config.quiescence);
  test.alarm('smoke', 'fail');
  return test.timer();
};

/** A whole run: the check fails, the release is redeployed, and all is well. */
export const run = (test: TestLadder, name: string): TestLadder => {
  test.alarm('smoke', 'fail');
  test.timer();
  test.carryOut(name);
  test.alarm('smoke', 'pass');
  verifyAll(test);
  return test;
};

/** A service with other budgets. */
export const budgets = (over: Partial<ServiceConfig['budgets']>) => shop({ budgets: { ...wide.budgets, ...over } });
