import type { Group } from '../trail/entry.ts';
import { accountArn } from './arn.ts';
import { type Context, factKey } from './fact.ts';
import type { Unreadable } from './json.ts';
import type { Kind } from './kinds.ts';

const reasons: { [reason in Unreadable]: string } = {
  empty: 'the message is empty',
  'too-long': 'the message is longer than a queue can carry (1 MiB)',
  'byte-order-mark': 'the message begins with a byte order mark',
  'not-json': 'the message is not JSON',
  'several-documents': 'the message holds more than one JSON document',
  'too-deep': 'the message is nested deeper than 64 levels',
  'duplicate-key': 'an object in the message has the same key twice',
  'not-an-object': 'the message is JSON, but not an object',
};

/**
 * What goes on record of a message that cannot be read: why, how large it was, and the keyed digest of its bytes.
 * The bytes themselves may hold anything, secrets too, and are not stored.
 */
export const quarantine = (reason: Unreadable, context: Context): Group<Kind> => {
  const { account, region } = context;
  const digest = context.digest(context.raw);
  const subject = accountArn(account, region);
  const kind: Kind = 'quarantined';
  return {
    key: factKey(subject, [kind, digest]),
    entries: [
      {
        kind,
        occurredAt: null,
        actor: { type: 'unknown' },
        subject,
        environment: null,
        service: null,
        change: null,
        execution: null,
        release: null,
        outcome: 'quarantined',
        reason: reasons[reason],
        source: { name: 'unknown', account, region, id: null, digest },
        detail: { reason, bytes: Buffer.byteLength(context.raw) },
        redactions: [],
      },
    ],
  };
};
