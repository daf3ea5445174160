import { ofTheBudget } from './rails/budget.ts';
import { ofTheRelease } from './rails/release.ts';
import { ofTheTarget } from './rails/target.ts';
import { ofTheTime } from './rails/time.ts';
import type { Removal } from './removal.ts';

/** All that is taken away, one after the other. */
export const removals: Removal[] = [...ofTheTarget, ...ofTheBudget, ...ofTheRelease, ...ofTheTime];
