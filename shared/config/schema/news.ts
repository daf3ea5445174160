import * as z from 'zod';
import { mapping, topicName } from './words.ts';

const severityWanted = 'page, ticket or info';
const fieldWanted = 'a field of the entry, such as actor.name';

const topicsWanted = 'a topic, such as sec, or a list of 1 to 10, such as [sec, sre]';
const topics = z
  .union([topicName.transform((one) => [one]), z.array(topicName).min(1, topicsWanted).max(10, topicsWanted)], {
    error: topicsWanted,
  })
  .describe('one topic, or several');

/** @param escalate what a route takes as its contacts */
export const newsItem = <Contacts extends z.ZodType>(escalate: Contacts) =>
  mapping(
    {
      to: topics,
      match: z
        .record(z.string(), z.unknown(), 'an event pattern over the entry, such as { kind: [sign-in] }')
        .optional(),
      severity: z.enum(['page', 'ticket', 'info'], severityWanted).optional(),
      by: z
        .array(
          z.string(fieldWanted).regex(/^[\w-]+(?:\.[\w-]+)*$/, fieldWanted),
          'a list of fields, such as [actor.name]',
        )
        .max(5, 'at most 5')
        .optional(),
      escalate,
    },
    'news, such as { match: { kind: [sign-in] }, severity: info, to: sec }',
  );
