import { text } from '../event/fields.ts';
import { callNamed } from '../population/outside.ts';
import { whoItWas } from '../trail/actor-name.ts';
import type { Json } from '../trail/entry.ts';
import { nameOf, type Told } from './words.ts';

type Detail = { [field: string]: Json };
type Say = (detail: Detail, entry: Told) => string;

const because = (reason: string | null): string => (reason === null ? '' : `: ${reason}`);

const from = (detail: Detail): string => {
  const ip = text(detail, 'sourceIp');
  return ip === null ? '' : `, from ${ip}`;
};

/**
 * What is about nothing narrower than the account is about the account: `arn:aws:iam::111122223333:root`. A stack has an
 * id behind its name.
 */
const onWhat = (subject: string): string =>
  subject.endsWith(':root') ? '' : ` on ${nameOf(subject.replace(/(:stack\/[^/]+)\/.*$/, '$1'))}`;

const called = (detail: Detail, { actor, subject }: Told): string =>
  `${whoItWas(actor)} called ${callNamed({ detail }).name || 'something'}${onWhat(subject)}`;

/** Of a second factor only what is known is said: whoever comes from elsewhere proved it there. */
const factor = (detail: Detail): string => (detail['mfa'] === false ? ' without a second factor' : '');

/** What CloudTrail tells of people and roles, in words. */
export const callSays: { [kind: string]: Say } = {
  call: called,
  'call.failed': (detail, entry) => `${called(detail, entry)} and was refused${because(entry.reason)}`,
  'sign-in': (detail, { actor }) => `${whoItWas(actor)} signed in to the console${factor(detail)}${from(detail)}`,
  'sign-in.failed': (detail, { actor, reason }) =>
    `${whoItWas(actor)} tried to sign in to the console${from(detail)}${because(reason)}`,
};
