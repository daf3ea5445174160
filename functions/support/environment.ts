import type { Source } from '../../shared/trail/entry.ts';

/**
 * What a function is told about where it runs: names and addresses, never secrets. On AWS it comes from environment
 * variables set beside the grants; on one machine the runtime passes it. Nothing else reads `process.env`.
 */
export type Environment = {
  account: string;
  region: string;
  /** one address for all AWS calls; null on AWS itself, where the SDK knows them */
  endpoint: string | null;
  /** the trail's table: segments, markers, cursors, timers and rows */
  table: string;
  /** the bucket for large details */
  bucket: string;
  queues: { [queue in QueueName]: string };
  /** topic ARN by the name that routes use */
  topics: { [name: string]: string };
  /** path of the configuration as functions are given it (`shared/config/shipped.ts`) */
  configFile: string;
  /** the SSM parameter that stops all acting */
  killSwitch: string;
  /** the role that take-step acts in; not there on one machine, where nobody tells of its calls */
  actorRole?: string;
  /** path of the file with the key for keyed digests */
  digestKeyFile: string;
  /** the parameter that the file is filled from where nobody else puts it there; empty on one machine */
  digestKeySecret?: string;
  /** where seals are kept: a directory on one machine, a bucket on AWS; the other is empty */
  archive: { dir: string; bucket: string };
  /** what seals are signed with: a file on one machine, the id of a KMS key on AWS; the other is empty */
  sealKey: { file: string; kms: string };
};

export type QueueName = 'urgent' | 'bulk' | 'describe' | 'acts' | 'alerts' | 'timers';

/** The lane of an account and Region. */
export const laneOf = (environment: Pick<Environment, 'account' | 'region'>): string =>
  `${environment.account}.${environment.region}`;

/** The lane's name in its checkpoints, and the name of the key that signs them. */
export const originOf = (environment: Pick<Environment, 'account' | 'region'>): string =>
  `escalator/${environment.account}/${environment.region}`;

/** The source of what Escalator itself puts on record. */
export const sourceOf = (environment: Pick<Environment, 'account' | 'region'>): Source => ({
  name: 'escalator',
  account: environment.account,
  region: environment.region,
  id: null,
  digest: null,
});

/** Names of the environment variables, for whoever sets them. */
export const variables = {
  account: 'ESCALATOR_ACCOUNT',
  region: 'AWS_REGION',
  table: 'ESCALATOR_TABLE',
  bucket: 'ESCALATOR_BUCKET',
  configFile: 'ESCALATOR_CONFIG',
  killSwitch: 'ESCALATOR_KILL_SWITCH',
  actorRole: 'ESCALATOR_ACTOR_ROLE',
  digestKeyFile: 'ESCALATOR_DIGEST_KEY_FILE',
  digestKeySecret: 'ESCALATOR_DIGEST_KEY_SECRET',
  archiveBucket: 'ESCALATOR_ARCHIVE_BUCKET',
  sealKeyId: 'ESCALATOR_SEAL_KEY',
} as const;

/** Name of the environment variable that holds a queue's URL: `ESCALATOR_QUEUE_ACTS`. */
export const queueVariable = (queue: QueueName): string => `ESCALATOR_QUEUE_${queue.toUpperCase()}`;

/** Prefix of the environment variables that hold topic ARNs: `ESCALATOR_TOPIC_sre`. */
export const topicPrefix = 'ESCALATOR_TOPIC_';

/**
 * Reads the environment of a Lambda function. A function is only given the variables it needs, so an absent one
 * reads as an empty string and fails at its first use, with the SDK's own message.
 */
export const environmentFrom = (env: { [name: string]: string | undefined }): Environment => {
  const read = (name: string): string => env[name] ?? '';
  const queue = (name: QueueName): string => read(queueVariable(name));
  const topics = Object.entries(env)
    .filter(([name]) => name.startsWith(topicPrefix))
    .map(([name, arn]) => [name.slice(topicPrefix.length), arn ?? '']);
  return {
    account: read(variables.account),
    region: read(variables.region),
    endpoint: null,
    table: read(variables.table),
    bucket: read(variables.bucket),
    queues: {
      urgent: queue('urgent'),
      bulk: queue('bulk'),
      describe: queue('describe'),
      acts: queue('acts'),
      alerts: queue('alerts'),
      timers: queue('timers'),
    },
    topics: Object.fromEntries(topics),
    configFile: read(variables.configFile),
    killSwitch: read(variables.killSwitch),
    actorRole: read(variables.actorRole),
    digestKeyFile: read(variables.digestKeyFile),
    digestKeySecret: read(variables.digestKeySecret),
    archive: { dir: '', bucket: read(variables.archiveBucket) },
    sealKey: { file: '', kms: read(variables.sealKeyId) },
  };
};
