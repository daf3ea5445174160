import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SQSEvent } from 'aws-lambda';
import { createTrail } from '../../functions/support/dynamo-trail.ts';
import type { Environment } from '../../functions/support/environment.ts';
import type { Entry } from '../../shared/trail/entry.ts';
import { findPlace, type Place } from '../contract/place.ts';
import { laneEntries, wrongWith } from '../harness/lane-check.ts';
import { temporary } from '../harness/product.ts';
import { shippedFrom } from '../harness/shipped.ts';

export type Wired = { place: Place; environment: Place['environment']; remove: () => Promise<void> };

/** A place of one machine, with all that functions are told of it: they are wired as they are deployed. */
export const wired = async (): Promise<Wired> => {
  const place = await findPlace();
  const directory = temporary();
  const digestKeyFile = join(directory.dir, 'digest.key');
  writeFileSync(digestKeyFile, Buffer.alloc(32, 7), { mode: 0o600 });
  const configFile = shippedFrom(fileURLToPath(new URL('../../examples/shop/escalator.yaml', import.meta.url)));
  const environment = { ...place.environment, digestKeyFile, configFile };
  const remove = async (): Promise<void> => {
    await place.remove();
    directory.remove();
  };
  return { place, environment, remove };
};

/** The push of an image, as EventBridge delivers it. */
export const pushed = (name: string, time = '2026-11-21T04:05:06Z'): string =>
  JSON.stringify({
    version: '0',
    id: `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`,
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    account: '000000000000',
    region: 'us-east-1',
    time,
    resources: [],
    detail: {
      'action-type': 'PUSH',
      result: 'SUCCESS',
      'repository-name': name,
      'image-tag': 'v1',
      'image-digest': `sha256:${name}`,
    },
  });

/** A batch as a queue hands it over. */
export const batchOf = (bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m-${index}`,
    receiptHandle: 'r',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:escalator-bulk',
    awsRegion: 'us-east-1',
  })),
});

/** The whole lane; throws where something is wrong with it, so that what is lost, doubled or broken fails every test. */
export const laneOf = async (environment: Environment): Promise<Entry[]> => {
  const entries = await laneEntries(createTrail(environment));
  const wrong = wrongWith(entries);
  if (wrong !== null) throw new Error(wrong);
  return entries;
};

/** Names of the repositories that pushes on record are of. */
export const namesIn = (entries: Entry[]): string[] =>
  entries.map(({ detail }) => JSON.stringify(detail['repository'] ?? '').slice(1, -1)).filter((name) => name !== '');
