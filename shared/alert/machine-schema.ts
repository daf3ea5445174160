import * as z from 'zod';
import type { MachineAlert } from './machine.ts';

const text = z.string();

/** What `machineOf` makes, for whoever checks it: `docs/reference/alert.schema.json` is made of it. */
export const machineSchema: z.ZodType<MachineAlert> = z
  .object({
    schema: z.literal('escalator.alert/1'),
    id: text,
    dedupKey: text.describe('the same for a beginning, all that follows, and its end'),
    action: z.enum(['trigger', 'resolve']),
    severity: z.enum(['page', 'ticket', 'info']),
    why: z.enum(['page', 'first', 'news', 'over', 'repeated', 'flapping', 'escalated']).describe('why it is told now'),
    number: z.int().positive().describe('which message about this it is'),
    since: z.iso.datetime(),
    title: text,
    environment: text.nullable(),
    service: text.nullable(),
    incident: text.nullable(),
    commit: text.nullable(),
    repository: text.nullable(),
    author: text.nullable(),
    subject: text.nullable().describe('the first line of the commit message'),
    failing: z.array(text),
    done: z.array(text).describe('what Escalator did so far, oldest first'),
    next: text.describe('what it does next, and when'),
    also: z.array(text).describe('what else stands in the same group'),
  })
  .describe('An alert of Escalator, as SNS gives it to machines. Fields are added, never renamed or taken away.');
