import { text } from '../event/fields.ts';
import { isByHand } from '../ladder/by-hand.ts';
import { callNamed, whyOutside } from '../population/outside.ts';
import { eventIn } from '../population/facts.ts';
import { says } from '../story/says.ts';
import type { Entry } from '../trail/entry.ts';
import type { Rule } from './rule.ts';

/** What AWS itself reports: nobody else can put such a source on the bus. */
const aws = { name: [{ prefix: 'aws.' }] };
const escalator = { name: ['escalator'] };
/** `arn:aws:iam::111122223333:root`; a user of that name ends with `user/root`. */
const root = { id: [{ suffix: ':root' }] };

/** By a person or a role, and by no service for them: what a stack calls is the stack's. */
const byHand = (entry: Entry, own: readonly string[]): boolean =>
  isByHand(entry, own) && !(text(entry.detail, 'sourceIp') ?? '').endsWith('.amazonaws.com');

const outside = (entry: Entry): string | null => {
  const { service, name } = callNamed(entry);
  return whyOutside(service, name, eventIn(entry));
};

/** What others build on. A branch of somebody's own is rewritten every day. */
const delivered = [
  ...['main', 'master', 'trunk', 'production'].map((name) => `refs/heads/${name}`),
  { prefix: 'refs/heads/release' },
];

const signIns: Rule[] = [
  {
    name: 'sign-in-without-mfa',
    match: {
      source: aws,
      kind: ['sign-in'],
      actor: { id: [{ 'anything-but': { suffix: ':root' } }] },
      detail: { mfa: [false] },
    },
    severity: 'ticket',
    by: [],
    next: 'ask who it was, and have a second factor set up',
    late: true,
  },
  {
    name: 'root-used',
    match: { source: aws, kind: ['sign-in', 'call'], actor: root, detail: { invokedBy: [{ exists: false }] } },
    severity: 'page',
    by: [],
    next: 'find out who uses the root user; where nobody says so, take its password and its sessions for stolen',
    late: true,
  },
  {
    name: 'root-refused',
    match: { source: aws, kind: ['sign-in.failed', 'call.failed'], actor: root },
    severity: 'ticket',
    by: [],
    next: 'find out who tries to use the root user',
    late: true,
  },
];

/** Which calls are outside the pipeline is said in one place, for evidence packs too: `docs/reference/population.md`. */
const deliveries: Rule[] = [
  {
    name: 'outside-pipeline',
    match: { source: aws, kind: ['call'] },
    holds: (entry, own) => byHand(entry, own) && outside(entry) !== null,
    severity: 'ticket',
    by: ['environment', 'service'],
    title: (entry) => `not through the pipeline: ${says(entry)}`,
    next: 'ask who did it and why; what runs may be something else than the pipeline says until it delivers again',
    late: true,
  },
  {
    name: 'branch-rewritten',
    match: { source: escalator, kind: ['branch.rewritten'], detail: { ref: delivered } },
    severity: 'ticket',
    by: ['detail.repository'],
    next: 'ask why; what the branch had before is named by its commit, and on record',
    late: true,
  },
  {
    name: 'approval-rules-set-aside',
    match: {
      source: aws,
      kind: ['pull-request.approval-rules-overridden'],
      outcome: [{ 'anything-but': 'override-revoked' }],
    },
    severity: 'ticket',
    by: ['detail.repository'],
    next: 'ask why it could not wait for its approval',
    late: true,
  },
];

const tampering: Rule[] = [
  {
    name: 'trail-tampered',
    match: { source: escalator, kind: ['trail.altered', 'trail.misdated', 'seal.refused'] },
    severity: 'page',
    by: ['kind'],
    next: 'nothing is repaired by itself: docs/runbook.md says what to look at',
  },
  {
    name: 'trail-gap',
    match: { source: escalator, kind: ['gap.found'] },
    severity: 'ticket',
    by: [],
    next: 'find out what happened, and note it: docs/runbook.md, "The record has a gap"',
  },
  {
    name: 'alarm-set-by-hand',
    match: { source: aws, kind: ['call'], detail: { service: ['monitoring.amazonaws.com'], call: ['SetAlarmState'] } },
    holds: byHand,
    severity: 'ticket',
    by: [],
    next: 'ask who did it: what the alarm says until its next evaluation, nothing has measured',
    late: true,
  },
  {
    name: 'recording-cut',
    match: {
      source: aws,
      kind: ['call'],
      $or: [
        { detail: { service: ['cloudtrail.amazonaws.com'], call: ['StopLogging', 'DeleteTrail'] } },
        { detail: { service: ['kms.amazonaws.com'], call: ['DisableKey', 'ScheduleKeyDeletion'] } },
        {
          detail: { service: ['events.amazonaws.com'], call: ['DisableRule', 'DeleteRule', 'RemoveTargets'] },
          subject: [{ wildcard: '*:rule/*escalator-*' }],
        },
      ],
    },
    holds: byHand,
    severity: 'page',
    by: ['detail.call'],
    next: 'find out who did it, and undo it: what happens meanwhile may come on record late, or never',
    late: true,
  },
  {
    name: 'abuse-reported',
    match: { source: aws, kind: ['health.abuse-reported'] },
    severity: 'page',
    by: [],
    title: ({ reason }) => `AWS reports that the account was used for abuse${reason === null ? '' : `: ${reason}`}`,
    next: 'look at AWS Health at once: somebody else may be using the account',
  },
  {
    name: 'evidence-taken',
    match: { source: escalator, kind: ['trail.exported'] },
    severity: 'info',
    by: [],
    next: 'nothing to do, if whoever it was is known to do so',
  },
];

/** What whoever answers for the security of the account wants to hear of, what says most first. */
export const security: Rule[] = [...tampering, ...signIns, ...deliveries];
