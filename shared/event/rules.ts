import { canarySource } from '../watch/canary.ts';

/** What an intake rule may say: plain EventBridge patterns, such as CDK's `EventPattern` can express. */
export type IntakeRule = {
  name: string;
  pattern: { account: string[]; source: SourcePattern[] };
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
