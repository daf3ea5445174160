import * as z from 'zod';
import { newsNames } from './change/state.ts';
import type { MachineAlert } from './machine.ts';

const text = z.string();
const time = z.iso.datetime();
const link = text.nullable();
const release = z
  .object({ id: text, commit: text, author: text.nullable(), subject: text.nullable(), since: time })
  .nullable();

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
    since: time,
    title: text.max(99).describe('the headline as a title of fewer than 100 characters of ASCII'),
    headline: text.describe('one sentence: what happened'),
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
    began: time.nullable().describe('since when the first of what fails does'),
    checks: z.array(z.object({ check: text, source: text, since: time, reason: text, link })),
    suspects: z
      .array(z.object({ what: text, at: time, by: text.nullable(), why: text, seq: z.int().nullable() }))
      .describe(
        'what changed in the hour before the first failure, likeliest first, each with the reason for its rank',
      ),
    failedAction: z
      .object({ what: text, at: time, execution: text.nullable(), log: link })
      .nullable()
      .describe('the action of the delivery that failed last, and where its log stands'),
    pullRequest: z
      .object({ id: text, title: text.nullable(), author: text.nullable(), approvedBy: z.array(text) })
      .nullable()
      .describe('what brought the commit'),
    running: release,
    lastGood: release,
    doing: text.nullable().describe('what Escalator is doing now'),
    nextAt: time.nullable().describe('when it does at the latest what it does next'),
    stop: z.array(z.object({ does: text, command: text })).describe('commands that stop it, the gentlest first'),
    links: z.object({ page: link, runbook: link }),
    change: z
      .object({ what: z.enum(newsNames), authors: z.array(text), pusher: text.nullable() })
      .nullable()
      .describe('what it tells of a change to whoever made it: who the commit claims to be by, and who pushed it'),
    cut: z.boolean().describe('it was too long, and much of it is left out'),
    news: z
      .object({ rule: text, who: text.nullable(), at: z.iso.datetime(), where: text, entry: z.int().min(0) })
      .nullable()
      .describe(
        'of one entry of the trail that is told of for itself: which sort of news, who, when, where, which entry',
      ),
  })
  .describe('An alert of Escalator, as SNS gives it to machines. Fields are added, never renamed or taken away.');
