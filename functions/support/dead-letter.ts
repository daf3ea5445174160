import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { cut } from '../../shared/event/fields.ts';
import { failureClass, inWords } from '../../shared/watch/failure.ts';
import { clientConfig } from './aws-clients.ts';
import { deadOf, urlOf } from './dead-letters.ts';
import type { Environment } from './environment.ts';

/** A message that was received, and what is needed to put it somewhere else. */
export type Letter = { id: string; body: string; queueArn: string; group: string | null; receives: number };

/** Puts a message among the dead letters of its queue, with the function that gave it up, and why. */
export type DeadLetter = (letter: Letter, by: string, why: unknown) => Promise<void>;

const reasonAtMost = 500;

/** The client is made when the first letter is dead: most functions never have one. Where a queue's dead letters are is asked once. */
export const createDeadLetter = (environment: Environment): DeadLetter => {
  let client: SQSClient | undefined;
  const known = new Map<string, Promise<string>>();
  return async ({ id, body, queueArn, group, receives }, by, why) => {
    client ??= new SQSClient(clientConfig(environment));
    const found = known.get(queueArn) ?? urlOf(client, queueArn).then((url) => deadOf(client as SQSClient, url));
    known.set(queueArn, found);
    const QueueUrl = await found.catch((error: unknown) => {
      known.delete(queueArn);
      throw error;
    });
    const said = {
      Function: by,
      Class: failureClass(why),
      Reason: cut(withoutSecrets(inWords(why)), reasonAtMost),
      Receives: String(receives),
    };
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: body,
        MessageAttributes: attributesOf(said),
        ...(group !== null && { MessageGroupId: group, MessageDeduplicationId: `dead-${id}` }),
      }),
    );
  };
};

const attributesOf = (said: { [name: string]: string }) =>
  Object.fromEntries(
    Object.entries(said).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue: printable(StringValue) },
    ]),
  );

/** An attribute has at least one character, and none that XML cannot hold. */
const printable = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?') || '-';
