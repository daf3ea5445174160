import type { AwsEvent, Envelope } from './envelope.ts';
import { text } from './fields.ts';
import { lookUp } from './look-up.ts';

/** Whether something is a record of CloudTrail: CloudTrail User Guide, "CloudTrail record contents". */
export const isTrailRecord = (event: AwsEvent): boolean =>
  text(event, 'eventID') !== null &&
  sourceIn(event) !== null &&
  (text(event, 'eventName') !== null || text(event, 'insightDetails', 'eventName') !== null);

const sourceIn = (record: AwsEvent): string | null =>
  text(record, 'eventSource') ?? text(record, 'insightDetails', 'eventSource');

const detailTypeByEventType: { [eventType: string]: string } = {
  AwsConsoleSignIn: 'AWS Console Sign In via CloudTrail',
  AwsConsoleAction: 'AWS Console Action via CloudTrail',
  AwsServiceEvent: 'AWS Service Event via CloudTrail',
  AwsCloudTrailInsight: 'AWS Insight via CloudTrail',
};

/** What EventBridge writes around a record when it sends it. */
export const toldOf = (record: AwsEvent): Pick<Envelope, 'source' | 'detailType' | 'account' | 'region' | 'time'> => ({
  source: `aws.${sourceIn(record)?.split('.')[0]}`,
  detailType: lookUp(detailTypeByEventType, text(record, 'eventType')) ?? 'AWS API Call via CloudTrail',
  account: text(record, 'recipientAccountId') ?? text(record, 'userIdentity', 'accountId'),
  region: text(record, 'awsRegion'),
  time: text(record, 'eventTime'),
});
