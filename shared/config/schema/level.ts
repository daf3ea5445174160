import * as z from 'zod';
import { action } from './action.ts';
import { duration, mapping, name } from './words.ts';

export const level = mapping(
  {
    level: name,
    do: action,
    quiescence: duration.default(60_000),
    mode: z.enum(['observe', 'ask', 'act'], 'observe, ask or act').default('observe'),
    drastic: z.boolean('true or false').default(false),
  },
  'a level, such as { level: deploy, do: redeploy, quiescence: 1m, mode: observe }',
);
