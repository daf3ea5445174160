import { chatOf } from './chat.ts';
import { machineOf } from './machine.ts';
import type { Message } from './message.ts';
import { cut, plain } from './plain.ts';
import { textOf } from './text.ts';

/** What SNS is given: one message in the forms that its protocols want, and what filter policies may ask for. */
export type Forms = {
  subject: string;
  /** for `MessageStructure: json`: protocol -> text (Amazon SNS API Reference, Publish) */
  structure: { [protocol: string]: string };
  /** a list is an attribute of type `String.Array`: a filter policy matches any one of it */
  attributes: { [name: string]: string | string[] };
};

/** SNS takes 256 KiB, all forms and attributes together; each of these is far less. */
const textAtMost = 16 * 1024;
const machineAtMost = 32 * 1024;

/** @param chat whether subscribers over HTTPS are a chat application, and not machines */
export const formsOf = (message: Message, chat: boolean): Forms => {
  const { subject, body, short } = textOf(message);
  const text = cut(body, textAtMost);
  const machine = machineText(message);
  return {
    subject,
    structure: {
      default: text,
      email: text,
      sms: short,
      'email-json': machine,
      http: machine,
      https: chat ? JSON.stringify(chatOf(message)) : machine,
      sqs: machine,
      lambda: machine,
      firehose: machine,
    },
    attributes: attributesOf(message),
  };
};

/** What is too long is cut where it is longest: what was done, the newest of which says most. */
const machineText = (message: Message): string => {
  const whole = JSON.stringify(machineOf(message));
  if (Buffer.byteLength(whole) <= machineAtMost) return whole;
  const shorter = { ...machineOf(message), done: [], also: [] };
  const cutEach = Object.entries(shorter).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value, 1_000) : value,
  ]);
  return JSON.stringify({
    ...Object.fromEntries(cutEach),
    failing: shorter.failing.slice(0, 100).map((one) => cut(one, 200)),
  });
};

/** Filter policies match these. What is not known is left out: SNS takes no empty value. */
const attributesOf = ({ alert, severity, state, why, of }: Message): Forms['attributes'] =>
  Object.fromEntries(
    Object.entries({
      severity,
      state,
      why,
      environment: alert.environment,
      service: alert.service,
      author: of === undefined ? cut(alert.author ?? '', 200) : of.authors.map((one) => cut(plain(one), 200)),
      ...(of && { news: of.news, pusher: cut(plain(of.pusher ?? ''), 200) }),
    }).filter(([, value]) => value.length > 0),
  );
