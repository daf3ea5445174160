// Receives alerts over HTTP: checks that SNS signed them, confirms the subscription, prints what they say. One file, no
// dependencies. PORT says where to listen; SNS, who may have sent a message: the AWS endpoint of one machine, or on AWS
// https://sns.REGION.amazonaws.com, which is believed only of a certificate that is fetched from there.
import { verify } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8080);
const sns = new URL(process.env.SNS ?? 'http://127.0.0.1:4566');
const bytesAtMost = 1024 * 1024;

// What is signed: these fields in this order, each name and value on a line of its own.
const signed = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** Whether SNS signed a message. Anybody may post one, and name a certificate of their own: its address is looked at first. */
const isAuthentic = async (message) => {
  const fields = signed[message.Type];
  if (fields === undefined || new URL(message.SigningCertURL).origin !== sns.origin) return false;
  const text = fields.filter((name) => name in message).map((name) => `${name}\n${message[name]}\n`);
  const certificate = await (await fetch(message.SigningCertURL)).text();
  const digest = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
  return verify(digest, Buffer.from(text.join('')), certificate, Buffer.from(message.Signature, 'base64'));
};

/** A message may come twice: what is done of it is to be done once, by its MessageId. */
const seen = new Set();

const take = async (message) => {
  if (!(await isAuthentic(message))) return 403;
  if (message.Type === 'SubscriptionConfirmation') {
    const link = new URL(message.SubscribeURL);
    if (link.origin !== sns.origin) return 403;
    console.log(`confirmed: ${(await fetch(link)).ok}`);
  } else if (!seen.has(message.MessageId)) {
    seen.add(message.MessageId);
    const { severity, action, title, next } = JSON.parse(message.Message);
    console.log(`${action} ${severity}: ${title}; next: ${next}`);
  }
  return 200;
};

const read = async (request) => {
  let text = '';
  for await (const chunk of request) if ((text += chunk).length > bytesAtMost) throw new Error('too long');
  return JSON.parse(text);
};

// 400 tells SNS that it makes no sense to send this again; 500, that it does.
const server = createServer((request, response) => {
  read(request).then(
    (message) =>
      take(message).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(500).end(),
      ),
    () => response.writeHead(400).end(),
  );
});
server.listen(port, '127.0.0.1', () => console.log(`listening at http://127.0.0.1:${server.address().port}/`));
