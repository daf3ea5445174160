import * as z from 'zod';
import { limitAtMost } from '../config.ts';
import { action } from './action.ts';
import { count, duration, mapping, name } from './words.ts';

export const level = mapping(
  {
    level: name,
    do: action,
    quiescence: duration.default(60_000),
    mode: z.enum(['observe', 'ask', 'act'], 'observe, ask or act').default('observe'),
    drastic: z.boolean('true or false').default(false),
    limit: count(1, limitAtMost).default(1),
  },
  'a level, such as { level: deploy, do: redeploy, quiescence: 1m, mode: observe }',
);
