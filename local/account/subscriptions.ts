import {
  InvalidParameterException,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  GetSubscriptionAttributesCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';

/** Where SNS is; absent where the SDK finds AWS itself, with the credentials of whoever asks. */
export type Place = { aws?: string };

export type Subscription = {
  arn: string;
  protocol: string;
  endpoint: string;
  /** SNS has sent a link, and waits until it is followed */
  pending: boolean;
  filter: string | null;
};

/** The subscriptions of a topic: made, listed and ended by SNS's own calls, as whoever asks may. */
export const subscriptionsOf = ({ aws }: Place, TopicArn: string) => {
  const local = { endpoint: aws, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const client = new SNSClient({ region: TopicArn.split(':')[3], ...(aws !== undefined && local) });
  return {
    list: () => list(client, TopicArn),
    /** Where it stands already its filter becomes this one. Answers it as it stood before that. */
    subscribe: (protocol: string, endpoint: string, policy: object | null) =>
      subscribe(client, TopicArn, { protocol, endpoint, policy }),
    end: (SubscriptionArn: string): Promise<unknown> => client.send(new UnsubscribeCommand({ SubscriptionArn })),
  };
};

type Asked = { protocol: string; endpoint: string; policy: object | null };

/** SNS lets nobody have two subscriptions to one topic: what stands there keeps its filter unless it is told another. */
const subscribe = async (
  client: SNSClient,
  TopicArn: string,
  { protocol, endpoint, policy }: Asked,
): Promise<Subscription | undefined> => {
  const Attributes = policy === null ? undefined : { FilterPolicy: JSON.stringify(policy) };
  const command = new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: endpoint, Attributes });
  const refused = await client.send(command).then(() => null, ifThere);
  const made = (await list(client, TopicArn)).find((one) => one.protocol === protocol && one.endpoint === endpoint);
  if (refused !== null && (made === undefined || made.pending)) throw refused;
  if (made !== undefined && !made.pending && made.filter !== (Attributes?.FilterPolicy ?? null))
    await client.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: made.arn,
        AttributeName: 'FilterPolicy',
        AttributeValue: Attributes?.FilterPolicy ?? '{}',
      }),
    );
  return made;
};

/** That it stands there with another filter is said by the name of what is wrong with any parameter. */
const ifThere = (error: unknown): Error => {
  if (error instanceof InvalidParameterException) return error;
  throw error;
};

const list = async (client: SNSClient, TopicArn: string): Promise<Subscription[]> => {
  const found: Subscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
    for (const { SubscriptionArn: arn = '', Protocol: protocol = '', Endpoint: endpoint = '' } of Subscriptions) {
      const pending = !arn.startsWith('arn:');
      found.push({ arn, protocol, endpoint, pending, filter: pending ? null : await filterOf(client, arn) });
    }
  return found;
};

const filterOf = async (client: SNSClient, SubscriptionArn: string): Promise<string | null> => {
  const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  const filter = Attributes?.['FilterPolicy'] ?? '{}';
  return filter === '{}' ? null : filter;
};
