import { chatOf } from './chat.ts';
import { machineOf } from './machine.ts';
import type { Message } from './message.ts';
import { cut, plain } from './plain.ts';
import { type Room, shortened } from './shorten.ts';
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

/** As much of a message as is told, ever less until all of it can be published; the last always can. */
const whole: Room = { each: 1_000, items: 100 };
const less: Room[] = [
  { each: 400, items: 20 },
  { each: 100, items: 5 },
];

/** @param chat whether subscribers over HTTPS are a chat application, and not machines */
export const formsOf = (message: Message, chat: boolean): Forms => {
  const formsWith = (room: Room): Forms => formsIn(message, shortened(message, room), chat);
  return less.reduce((forms, room) => (fits(forms) ? forms : formsWith(room)), formsWith(whole));
};

const fits = (forms: Forms): boolean => isFarFromFull(forms) || sizeOf(forms) <= publishAtMost;

/** As JSON a character takes six bytes at most; beside a text stand its name, its type and marks. Most need no more counting. */
const isFarFromFull = ({ subject, structure, attributes }: Forms): boolean => {
  const texts = [subject, ...Object.values(structure), ...Object.values(attributes).flat()];
  return texts.reduce((bytes, { length }) => bytes + 6 * (length + 50), 0) <= publishAtMost;
};

/** What SNS counts of a message. */
export const sizeOf = ({ subject, structure, attributes }: Forms): number =>
  [subject, JSON.stringify(structure), ...Object.entries(attributes).flatMap(attributeParts)].reduce(
    (bytes, part) => bytes + Buffer.byteLength(part),
    0,
  );

const attributeParts = ([name, value]: [string, string | string[]]): string[] =>
  typeof value === 'string' ? [name, 'String', value] : [name, 'String.Array', JSON.stringify(value)];

const formsIn = (all: Message, message: Message, chat: boolean): Forms => {
  const isCut = JSON.stringify(all) !== JSON.stringify(message);
  const { subject, body, short } = textOf(message);
  const text = isCut ? `${body}\n\n${restOf(message)}` : body;
  const machine = JSON.stringify(machineOf(message, isCut));
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
const restOf = ({ alert: { incident }, background }: Message): string =>
  `This is cut. All of it: ${background?.links.page ?? (incident === null ? 'escalator alerts' : `escalator why ${incident}`)}`;

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
