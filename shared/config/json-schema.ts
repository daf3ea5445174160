import * as z from 'zod';
import { configSchema } from './schema.ts';

/**
 * The configuration as a JSON Schema (draft 7), for editors: what an author may write, with every default. What no
 * schema can say (names that must be declared, numbers that must fit each other) `escalator check` says.
 */
export const configJsonSchema = (): object => ({
  ...z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }),
  title: 'escalator.yaml',
});
