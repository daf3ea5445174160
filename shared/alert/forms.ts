import { chatOf } from './chat.ts';
import { type MachineAlert, machineOf } from './machine.ts';
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

/** SNS takes so many bytes: the text of all forms together as JSON, the subject and the attributes (SNS quotas). */
export const publishAtMost = 262_144;

/** How long a text and a message for machines may be (bytes), ever shorter until all of it can be published. */
const sizes = [
  { text: 16 * 1024, machine: 32 * 1024 },
  { text: 8 * 1024, machine: 12 * 1024 },
  { text: 4 * 1024, machine: 4 * 1024 },
] as const;
type Size = (typeof sizes)[number];

/** @param chat whether subscribers over HTTPS are a chat application, and not machines */
export const formsOf = (message: Message, chat: boolean): Forms => {
  const [whole, ...shorter] = sizes;
  return shorter.reduce<Forms>(
    (forms, size) => (sizeOf(forms) <= publishAtMost ? forms : formsIn(message, chat, size)),
    formsIn(message, chat, whole),
  );
};

/** What SNS counts of a message. */
export const sizeOf = ({ subject, structure, attributes }: Forms): number =>
  [subject, JSON.stringify(structure), ...Object.entries(attributes).flatMap(attributeParts)].reduce(
    (bytes, part) => bytes + Buffer.byteLength(part),
    0,
  );

const attributeParts = ([name, value]: [string, string | string[]]): string[] =>
  typeof value === 'string' ? [name, 'String', value] : [name, 'String.Array', JSON.stringify(value)];

const formsIn = (message: Message, chat: boolean, size: Size): Forms => {
  const { subject, body, short } = textOf(message);
  const text = cutText(body, size.text, message);
  const machine = machineText(message, size.machine);
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

/** What is left out can be read elsewhere, and it is said where. */
const cutText = (body: string, atMost: number, { alert, background }: Message): string => {
  if (Buffer.byteLength(body) <= atMost) return body;
  const whole =
    background?.links.page ?? (alert.incident === null ? 'escalator alerts' : `escalator why ${alert.incident}`);
  const rest = `\n...\n\nThis is cut. All of it: ${whole}`;
  return `${cut(body, atMost - Buffer.byteLength(rest))}${rest}`;
};

/** What is too long is cut where it is longest; who it is about, how loud it is and where to read on stand in it always. */
const machineText = (message: Message, atMost: number): string => {
  const whole = machineOf(message);
  const text = JSON.stringify(whole);
  return Buffer.byteLength(text) <= atMost ? text : JSON.stringify(shortened(whole));
};

const shortened = (whole: MachineAlert): MachineAlert => {
  const brief = Object.entries(whole).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value, 200) : value,
  ]);
  return {
    ...(Object.fromEntries(brief) as MachineAlert),
    failing: whole.failing.slice(0, 10).map((one) => cut(one, 100)),
    done: whole.done.slice(-2).map((one) => cut(one, 200)),
    also: [],
    checks: [],
    suspects: whole.suspects.slice(0, 1).map((one) => ({ ...one, what: cut(one.what, 200), why: cut(one.why, 200) })),
    failedAction: null,
    pullRequest: null,
    cut: true,
  };
};

/** A name as filter policies find it. */
export const attributeOf = (name: string): string => cut(plain(name), 200);

/** Filter policies match these. What is not known is left out: SNS takes no empty value. */
const attributesOf = ({ alert, severity, state, why, of }: Message): Forms['attributes'] =>
  Object.fromEntries(
    Object.entries({
      severity,
      state,
      why,
      environment: alert.environment,
      service: alert.service,
      author: of === undefined ? attributeOf(alert.author ?? '') : of.authors.map(attributeOf),
      ...(alert.news && { news: alert.news.rule }),
      ...(of && { change: of.news, pusher: attributeOf(of.pusher ?? '') }),
    }).filter(([, value]) => value.length > 0),
  );
