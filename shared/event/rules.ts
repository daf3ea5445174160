import { canarySource } from '../watch/canary.ts';

/** What an intake rule may say: plain EventBridge patterns, such as CDK's `EventPattern` can express. */
export type IntakeRule = {
  name: string;
  pattern: {
    account: string[];
    source: SourcePattern[];
    'detail-type'?: string[];
    detail?: { [field: string]: unknown };
  };
  queue: 'urgent' | 'bulk';
};

export type SourcePattern = string | { 'anything-but': string[] };

/**
 * Where an incident can begin, or be seen to end: these must not wait behind a storm of anything else. A canary shows
 * that they do not. */
const urgentSources = ['aws.cloudwatch', 'aws.codepipeline', 'aws.codecommit', canarySource];

/**
 * The rules that bring every event of the account to the intake, each event to exactly one queue. The account is
 * pinned: anyone may send events of another account to a bus that lets them, and those are not ours to record.
 *
 * @param accounts the 12 digits of the accounts whose events are recorded: this one, and those that forward theirs
 */
export const intakeRules = (...accounts: string[]): IntakeRule[] => [
  {
    name: 'escalator-urgent',
    pattern: { account: accounts, source: [...urgentSources] },
    queue: 'urgent',
  },
  {
    name: 'escalator-bulk',
    pattern: { account: accounts, source: [{ 'anything-but': [...urgentSources] }] },
    queue: 'bulk',
  },
];

const calls = 'AWS API Call via CloudTrail';

/**
 * Reads of secrets. CloudTrail's events of what only reads come to no rule but one in the state
 * `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS` (EventBridge User Guide, "Read-only management events").
 *
 * @param account the 12 digits of the account whose events are recorded
 */
export const secretReadRules = (account: string): IntakeRule[] => [
  {
    name: 'escalator-secret-reads',
    pattern: {
      account: [account],
      source: ['aws.secretsmanager'],
      'detail-type': [calls],
      detail: { eventName: ['GetSecretValue', 'BatchGetSecretValue'] },
    },
    queue: 'bulk',
  },
  {
    name: 'escalator-parameter-reads',
    pattern: {
      account: [account],
      source: ['aws.ssm'],
      'detail-type': [calls],
      detail: {
        eventName: ['GetParameter', 'GetParameters', 'GetParametersByPath', 'GetParameterHistory'],
        requestParameters: { withDecryption: [true] },
      },
    },
    queue: 'bulk',
  },
];

/**
 * What AWS tells of in us-east-1 only, wherever it was done: sign-ins by the global endpoint, and calls of services that
 * have no Region (CloudTrail User Guide, "Global service events"). Forwarded, they come to the rules of the home Region.
 *
 * @param account the 12 digits of the account whose events are recorded
 */
export const globalRules = (account: string): Omit<IntakeRule, 'queue'>[] => [
  {
    name: 'escalator-sign-ins',
    pattern: { account: [account], source: ['aws.signin'] },
  },
  {
    name: 'escalator-global-services',
    pattern: {
      account: [account],
      source: ['aws.iam', 'aws.organizations', 'aws.route53', 'aws.cloudfront', 'aws.account', 'aws.sso'],
      'detail-type': [calls],
    },
  },
];
