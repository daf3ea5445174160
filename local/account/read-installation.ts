import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateListSubscriptionsByTopic, paginateListTopics, SNSClient } from '@aws-sdk/client-sns';
import type { Unread } from '../../shared/account/inventory.ts';
import type { Installation } from '../../shared/doctor/of-installation.ts';
import { unreadOf } from './unread.ts';

/** Escalator's own rules, on AWS and on one machine. */
const rulePrefix = 'escalator-';

/**
 * Reads what of Escalator itself is in the account, where the AWS SDK's own settings lead.
 *
 * @param wanted the topics' own names
 */
export const readInstallation = async (wanted: string[]): Promise<Omit<Installation, 'product'>> => {
  const unread: Unread[] = [];
  const reading = async <Seen>(what: string, read: () => Promise<Seen>): Promise<Seen | null> => {
    try {
      return await read();
    } catch (error) {
      unread.push(unreadOf(what, error));
      return null;
    }
  };
  const sns = new SNSClient({ maxAttempts: 5 });
  const rules = await reading('rules', readRules);
  const topics = await reading('topics', () => readTopics(sns, wanted));
  const atOnce = await reading('the settings of Lambda', readAtOnce);
  // The SDK compares its clock with that of each answer, and signs by theirs once they differ by five minutes.
  return { rules, topics, atOnce, clockOffset: topics === null ? null : sns.config.systemClockOffset, unread };
};

const readAtOnce = async (): Promise<number | null> => {
  const { AccountLimit } = await new LambdaClient({ maxAttempts: 5 }).send(new GetAccountSettingsCommand({}));
  return AccountLimit?.ConcurrentExecutions ?? null;
};

const readRules = async (): Promise<{ [name: string]: boolean }> => {
  const { Rules = [] } = await new EventBridgeClient({ maxAttempts: 5 }).send(
    new ListRulesCommand({ NamePrefix: rulePrefix }),
  );
  return Object.fromEntries(Rules.map(({ Name = '', State = '' }) => [Name, State !== 'DISABLED']));
};

const readTopics = async (client: SNSClient, wanted: string[]): Promise<NonNullable<Installation['topics']>> => {
  const topics: NonNullable<Installation['topics']> = {};
  for await (const page of paginateListTopics({ client }, {}))
    for (const { TopicArn = '' } of page.Topics ?? []) {
      const name = TopicArn.split(':').at(-1) ?? '';
      if (wanted.includes(name)) topics[name] = await readSubscribers(client, TopicArn);
    }
  return topics;
};

const readSubscribers = async (
  client: SNSClient,
  TopicArn: string,
): Promise<{ confirmed: number; pending: number }> => {
  const found = { confirmed: 0, pending: 0 };
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
    for (const { SubscriptionArn = '' } of page.Subscriptions ?? [])
      found[SubscriptionArn.startsWith('arn:') ? 'confirmed' : 'pending'] += 1;
  return found;
};
