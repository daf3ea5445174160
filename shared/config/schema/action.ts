import * as z from 'zod';
import { group, mapping, pipeline } from './words.ts';

/** What a level may do, as it is written: one form for each action. */
export const action = z.union(
  [
    z.literal('redeploy').transform(() => ({ type: 'redeploy' }) as const),
    mapping({ 'replace-instances': group }, 'a mapping').transform(
      (written) => ({ type: 'replace-instances', group: written['replace-instances'] }) as const,
    ),
    mapping({ 'start-pipeline': pipeline }, 'a mapping').transform(
      (written) => ({ type: 'start-pipeline', pipeline: written['start-pipeline'] }) as const,
    ),
  ],
  'redeploy, { replace-instances: NAME-OF-AN-AUTO-SCALING-GROUP } or { start-pipeline: NAME-OF-A-PIPELINE }',
);
