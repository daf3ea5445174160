import { Command } from 'commander';
import type { NewsName } from '../../shared/alert/change/state.ts';
import { filterPolicyOf, newsIn, protocolOf } from '../../shared/alert/subscription.ts';
import { newsNames } from '../../shared/alert/change/state.ts';
import { EscalatorError } from '../../shared/errors.ts';
import type { Subscription } from '../../local/account/subscriptions.ts';
import { json } from '../options.ts';
import { exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type Done = (code: ExitCode) => void;
type Asked = {
  topic?: string;
  author?: string;
  pusher?: string;
  only: NewsName[];
  endpoint: string;
  protocol?: string;
};

/** `escalator subscribe`: hear of your own changes, by a subscription with a filter policy. */
export const subscribeCommand = (terminal: Terminal, done: Done): Command =>
  new Command('subscribe')
    .description('hear of your own changes: a subscription to a topic, with the filter that wants them')
    .requiredOption(
      '--endpoint <address>',
      'a mail address, a URL, a telephone number, or the ARN of a queue or function',
    )
    .option('--author <me>', 'what I wrote: my name or address, as my commits say')
    .option('--pusher <me>', 'what I pushed: my user or session, as AWS knows it')
    .option('--only <news>', `only this, of ${newsNames.join(', ')}`, news, [])
    .option('--protocol <protocol>', 'if it is not what the address looks like')
    .option('--topic <topic>', 'by the name that the configuration gives it; by default that of developers')
    .action(async (asked: Asked) => {
      const { subscriptions, topic } = await open(terminal, asked.topic);
      const protocol = asked.protocol ?? protocolOf(asked.endpoint);
      if (protocol === null) throw unlike(asked.endpoint);
      const policy = filterPolicyOf({ ...asked, author: asked.author ?? null, pusher: asked.pusher ?? null });
      const made = await refusable(subscriptions.subscribe(protocol, asked.endpoint, policy));
      const wants = policy === null ? 'everything' : JSON.stringify(policy);
      terminal.print(plain(`${asked.endpoint} is subscribed to ${topic}, and gets ${wants}`));
      if (made?.pending === true) terminal.remark('it is to be confirmed: SNS has sent it a link');
      done(exitCodes.good);
    });

const news = (written: string): NewsName[] => {
  const found = newsIn(written);
  if (found !== null) return found;
  const wanted = `wanted: some of ${newsNames.join(', ')}, with commas between them`;
  throw new EscalatorError('ESC-007', `--only ${JSON.stringify(written)} cannot be`, wanted);
};

const unlike = (endpoint: string): EscalatorError =>
  new EscalatorError('ESC-007', `nothing is known that has the address ${JSON.stringify(endpoint)}`, 'say --protocol');

/** `escalator subscriptions`: who hears of what. */
export const subscriptionsCommand = (terminal: Terminal, done: Done): Command =>
  new Command('subscriptions')
    .description('who is subscribed to a topic, and which messages they get')
    .option('--topic <topic>', 'by the name that the configuration gives it; by default that of developers')
    .addOption(json())
    .action(async ({ topic: named, json: asJson }: { topic?: string; json?: boolean }) => {
      const { subscriptions, topic } = await open(terminal, named);
      const items = await refusable(subscriptions.list());
      if (asJson === true) printJson(terminal, { topic, items });
      else
        printTable(
          terminal,
          ['BY', 'ADDRESS', 'GETS', 'SUBSCRIPTION'],
          items.map(rowOf),
          `nobody is subscribed to ${topic}`,
        );
      done(exitCodes.good);
    });

const rowOf = ({ arn, protocol, endpoint, pending, filter }: Subscription): string[] => [
  protocol,
  endpoint,
  pending ? 'nothing: not confirmed yet' : (filter ?? 'everything'),
  arn,
];

/** `escalator unsubscribe`: hear of it no more. */
export const unsubscribeCommand = (terminal: Terminal, done: Done): Command =>
  new Command('unsubscribe')
    .description('end a subscription')
    .argument('<subscription>', 'its ARN, as escalator subscriptions lists it')
    .action(async (arn: string) => {
      const { subscriptions } = await open(terminal, undefined, arn.split(':').slice(0, -1).join(':'));
      await refusable(subscriptions.end(arn));
      terminal.print(plain(`${arn} is ended`));
      done(exitCodes.good);
    });

type About = { aws?: string; topics?: { [name: string]: string }; developers?: string | null };

/** The SDK is loaded only where it is wanted. */
const open = async ({ api }: Terminal, named?: string, arnOf?: string) => {
  const about = await api.get<About>('/api/about');
  const topics = about.topics ?? {};
  const topic = named ?? about.developers ?? null;
  const arn = arnOf ?? (topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined);
  if (arn === undefined) throw noTopic(topic, Object.keys(topics));
  const { subscriptionsOf } = await import('../../local/account/subscriptions.ts');
  return { topic, subscriptions: subscriptionsOf(about, arn) };
};

const noTopic = (topic: string | null, known: string[]): EscalatorError =>
  topic === null
    ? new EscalatorError('ESC-011', 'developers have no topic', 'say alerts.developers.to, or --topic')
    : new EscalatorError('ESC-011', `there is no topic ${JSON.stringify(topic)}`, `there are ${known.join(', ')}`);

/** SNS says itself what it does not want, or whom it does not know. */
const refusable = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
  try {
    return await call;
  } catch (error) {
    const { name, message } = error as Error;
    throw new EscalatorError('ESC-057', `SNS refused: ${name}: ${message}`, 'mend it, or ask whoever owns the topic', {
      cause: error,
    });
  }
};
