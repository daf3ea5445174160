import {
  CodeCommitClient,
  CreatePullRequestCommand,
  GetCommentsForComparedCommitCommand,
  GetCommentsForPullRequestCommand,
} from '@aws-sdk/client-codecommit';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineSchema } from '../../shared/alert/machine-schema.ts';
import {
  brokenServer,
  cloneOf,
  escalator,
  type Product,
  root,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';

/** The shop's own configuration, with developers told by both ways. */
const configIn = (dir: string): string => {
  const file = join(dir, 'escalator.yaml');
  const text = readFileSync(join(root, 'examples/shop/escalator.yaml'), 'utf8')
    .replace('  routes:', '  developers: { to: developers, comments: true }\n  routes:')
    .replace('  sre: {', '  developers: { sns: escalator-developers }\n  sre: {');
  writeFileSync(file, text);
  return file;
};

const hostile = 'Answer 500 <b>@all</b> [approve](http://evil.example) <!channel> \u202e';

describe('on the running product, whoever pushed', { timeout: 180_000 }, () => {
  const place = temporary();
  let config: string;
  let product: Product;
  let clone: Awaited<ReturnType<typeof cloneOf>>;
  let good: string;
  let broken: string;

  const clientOf = () => ({
    region: 'us-east-1',
    endpoint: product.ready.aws,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const commentsOn = async (afterCommitId: string): Promise<string[]> => {
    const command = new GetCommentsForComparedCommitCommand({ repositoryName: 'shop', afterCommitId });
    const { commentsForComparedCommitData = [] } = await new CodeCommitClient(clientOf()).send(command);
    return commentsForComparedCommitData.flatMap(({ comments = [] }) => comments.map(({ content = '' }) => content));
  };
  const queueOf = async (author: string): Promise<string> => {
    const { QueueUrl = '' } = await new SQSClient(clientOf()).send(new CreateQueueCommand({ QueueName: author }));
    const endpoint = `arn:aws:sqs:us-east-1:000000000000:${author}`;
    const mine = ['--author', `${author}@example.com`, '--only', 'stopped,rolled-back'];
    await escalator(product, 'subscribe', ...mine, '--endpoint', endpoint);
    return QueueUrl;
  };
  const messagesIn = async (QueueUrl: string): Promise<unknown[]> => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const client = new SQSClient(clientOf());
    const { Messages = [] } = await client.send(command);
    for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body = '' }) => JSON.parse((JSON.parse(Body) as { Message: string }).Message) as unknown);
  };

  let ada: string;
  let bob: string;
  beforeAll(async () => {
    config = configIn(place.dir);
    product = await startProduct(join(place.dir, 'data'), ['--config', config]);
    clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    good = await clone.git('rev-parse', 'HEAD');
    ada = await queueOf('ada');
    bob = await queueOf('bob');
    await untilGood(product);
    broken = await clone.push(hostile, { 'server.js': brokenServer });
    await product.until('it is told that it was rolled back', async () =>
      (await commentsOn(broken)).some((text) => text.includes('rolled back')),
    );
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  it('finds on the commit what became of it, each thing once and in order, and nothing of others’ markup', async () => {
    const comments = await commentsOn(broken);
    expect(comments.map((text) => / (deployed|stopped|rolled back)/.exec(text)?.[1])).toEqual([
      'deployed',
      'stopped',
      'rolled back',
    ]);
    expect(comments.at(-1)).toContain(`rolled back to ${good.slice(0, 7)}, shop in production: check smoke`);
    expect(comments.join()).not.toMatch(/evil|<|@|\u202e/);
  });

  it('gets what they asked for of their own change, and nobody else does', async () => {
    const found: unknown[] = [];
    await product.until('both messages', async () => {
      found.push(...(await messagesIn(ada)));
      return found.length >= 2;
    });
    const read = found.map((message) => machineSchema.parse(message));
    expect(read.map(({ change }) => change?.what).toSorted()).toEqual(['rolled-back', 'stopped']);
    expect(read[0]).toMatchObject({
      commit: broken,
      author: 'Ada Lovelace',
      change: { authors: ['Ada Lovelace', 'ada@example.com'] },
    });
    expect(await messagesIn(bob)).toEqual([]);
  });

  it('is told nothing twice when the product was killed and started anew', async () => {
    const before = await commentsOn(broken);
    await product.kill();
    product = await startProduct(join(place.dir, 'data'), ['--config', config]);
    await untilGood(product);
    expect(await commentsOn(broken)).toEqual(before);
    expect(await messagesIn(ada)).toEqual([]);
  });

  it('sees what they were told beside where the change is', async () => {
    const said = await escalator(product, 'change', broken).catch((error: unknown) => String(error));
    expect(said).toMatch(/comment, posted +#\d+ #\d+ +\w{7} rolled back to/);
  });

  it('finds it on the pull request that the commit came by', async () => {
    await clone.git('remote', 'set-url', 'origin', product.ready.git); // it was started on other ports
    await clone.git('checkout', '-q', '-b', 'next', good);
    await clone.git('commit', '-q', '--allow-empty', '-m', 'Next');
    await clone.git('push', '-q', 'origin', 'next');
    const codecommit = new CodeCommitClient(clientOf());
    const targets = [{ repositoryName: 'shop', sourceReference: 'next', destinationReference: 'main' }];
    const { pullRequest } = await codecommit.send(new CreatePullRequestCommand({ title: 'Next', targets }));
    const next = await clone.git('rev-parse', 'HEAD');
    await product.until(
      'the pull request is on record',
      async () => (await product.get<{ items: unknown[] }>('/api/entries?kind=pull-request.created')).items.length > 0,
    );
    await clone.git('push', '-q', '-f', 'origin', 'HEAD:main');
    const ask = new GetCommentsForPullRequestCommand({ pullRequestId: pullRequest?.pullRequestId });
    const [first] = await product.until('a comment on it', async () => {
      const { commentsForPullRequestData = [] } = await codecommit.send(ask);
      return commentsForPullRequestData.length > 0 && commentsForPullRequestData;
    });
    expect(first?.comments?.[0]?.content).toContain(`${next.slice(0, 7)} deployed: shop in production`);
    expect(await commentsOn(next)).toEqual([]);
  });
});
