import * as z from 'zod';
import { group, mapping, pipeline } from './words.ts';

/** What a level may do, as it is written: one form for each action, and how each is shown to who wrote none of them. */
const forms = {
  redeploy: z.literal('redeploy').transform(() => ({ type: 'redeploy' }) as const),
  'retry-stage': z.literal('retry-stage').transform(() => ({ type: 'retry-stage' }) as const),
  'stop-execution': z.literal('stop-execution').transform(() => ({ type: 'stop-execution', abandon: false }) as const),
  '{ stop-execution: abandon }': mapping(
    { 'stop-execution': z.literal('abandon', 'abandon, or no more than stop-execution') },
    'a mapping',
  ).transform(() => ({ type: 'stop-execution', abandon: true }) as const),
  '{ replace-instances: NAME-OF-AN-AUTO-SCALING-GROUP }': mapping(
    { 'replace-instances': group },
    'a mapping',
  ).transform((written) => ({ type: 'replace-instances', group: written['replace-instances'] }) as const),
  '{ start-pipeline: NAME-OF-A-PIPELINE }': mapping({ 'start-pipeline': pipeline }, 'a mapping').transform(
    (written) => ({ type: 'start-pipeline', pipeline: written['start-pipeline'] }) as const,
  ),
};

const all = Object.values(forms);

export const action = z.union(all, `one of ${Object.keys(forms).join(', ')}`);
