import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EscalatorError } from '../../shared/errors.ts';

/**
 * How things go in the recorder: how long each stage of a rollout lasts, and what never becomes steady. AWS decides
 * that by running tasks and instances; nothing is run here, so somebody has to say it.
 */
export type Plan = {
  /** how long things stay in each state on their way (ms) */
  pace: number;
  /** what never becomes steady: a task definition `family:revision`, a revision of CodeDeploy, an SSM document */
  fails: string[];
  /** what begins and never ends by itself: texts in a revision of CodeDeploy */
  hangs: string[];
};

const names = z.array(z.string('a name'), 'a list of names').default([]);

const plan = z.strictObject({
  paceSeconds: z.number('a number of seconds').positive('a number of seconds, more than 0').max(3600).default(5),
  fails: names,
  hangs: names,
});

/**
 * Reads the plan from `recorder.json` in the data directory; the default where there is no such file.
 *
 * @throws EscalatorError ESC-006 when it cannot be read
 */
export const readPlan = (dataDir: string): Plan => {
  const file = join(dataDir, 'recorder.json');
  if (!existsSync(file)) return { pace: 5_000, fails: [], hangs: [] };
  try {
    const { paceSeconds, fails, hangs } = plan.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { pace: paceSeconds * 1_000, fails, hangs };
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new EscalatorError('ESC-006', `${file} cannot be read: ${found}`, 'correct it, or remove it for the default');
  }
};
