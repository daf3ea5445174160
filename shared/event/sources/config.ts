import { accountArn, arnOf, isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Context, type Fact, keyAt, type Normaliser } from '../fact.ts';
import { inWords, isObject, type JsonObject, number, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Locate, Located } from '../locate.ts';
import { lookUp } from '../look-up.ts';

/** Config Developer Guide, "Monitoring with EventBridge": `source` is `aws.config`. */
export const config: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'Config Configuration Item Change':
      return item(event, context);
    case 'Config Rules Compliance Change':
      return compliance(event, context);
    case 'Config Rules Re-evaluation Status':
    case 'Config Configuration Snapshot Delivery Status':
    case 'Config Configuration History Delivery Status':
      return reported(event, context);
    default:
      return null;
  }
};

/** An item too large for an event comes as a summary, without its configuration: that lies in a bucket. */
const item = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const about = detail['configurationItem'] ?? detail['configurationItemSummary'];
  const id = text(about, 'resourceId');
  if (!isObject(about) || id === null) return null;
  const captured = text(about, 'configurationItemCaptureTime');
  return {
    kind: 'config-item.changed',
    subject: text(about, 'ARN') ?? resource(event, context, about, id),
    ...keyAt(captured ?? event.time, 'item', id, number(about, 'configurationStateId')),
    occurredAt: instant(captured) ?? instant(event.time),
    actor: { type: 'unknown' }, // Config saw that it changed, not who changed it
    located: locatedBy(context.locate, text(about, 'resourceType'), text(about, 'resourceName') ?? id),
    outcome: outcomeOf(detail, about),
    reason: text(detail, 's3DeliverySummary', 'errorMessage'),
    detail: present({
      resource: id,
      resourceType: text(about, 'resourceType'),
      name: text(about, 'resourceName'),
      status: text(about, 'configurationItemStatus'),
      messageType: text(detail, 'messageType'),
      changed: changedIn(detail),
      whole: text(detail, 's3DeliverySummary', 's3BucketLocation'),
    }),
  };
};

/** So many changed properties are listed; the event has them all. */
const maxChanged = 50;

const changedIn = (detail: JsonObject): string[] | null => {
  const paths = Object.keys(object(detail, 'configurationItemDiff', 'changedProperties'));
  return paths.length === 0 ? null : paths.toSorted().slice(0, maxChanged);
};

const outcomes: { [said: string]: string } = {
  CREATE: 'created',
  UPDATE: 'updated',
  DELETE: 'deleted',
  ResourceDiscovered: 'discovered',
  ResourceDeleted: 'deleted',
  ResourceDeletedNotRecorded: 'deleted',
};

/** A deleted resource may come without a difference, as does one that is seen for the first time. */
const outcomeOf = (detail: JsonObject, about: JsonObject): string | null => {
  const change = text(detail, 'configurationItemDiff', 'changeType') ?? text(about, 'changeType');
  return lookUp(outcomes, change) ?? lookUp(outcomes, text(about, 'configurationItemStatus'));
};

/** Under which names the configuration may know a resource. */
const locatedBy = (locate: Locate, type: string | null, name: string): Located | null => {
  const bare = isArnOf(name) ? (name.split(/[/:]/).at(-1) ?? name) : name;
  switch (type) {
    case 'AWS::AutoScaling::AutoScalingGroup':
      return locate.group(bare);
    case 'AWS::CloudWatch::Alarm':
      return locate.alarm(bare);
    case 'AWS::CodeCommit::Repository':
      return locate.repository(bare);
    case 'AWS::CodePipeline::Pipeline':
      return locate.pipeline(bare);
    default:
      return null;
  }
};

/** The service, and what goes before the id, in the ARN of a resource whose ARN ends in its id. */
const arns: { [type: string]: [service: string, prefix: string] } = {
  'AWS::CodePipeline::Pipeline': ['codepipeline', ''],
  'AWS::DynamoDB::Table': ['dynamodb', 'table/'],
  'AWS::EC2::Instance': ['ec2', 'instance/'],
  'AWS::EC2::NetworkInterface': ['ec2', 'network-interface/'],
  'AWS::EC2::SecurityGroup': ['ec2', 'security-group/'],
  'AWS::EC2::Subnet': ['ec2', 'subnet/'],
  'AWS::EC2::VPC': ['ec2', 'vpc/'],
  'AWS::EC2::Volume': ['ec2', 'volume/'],
  'AWS::Lambda::Function': ['lambda', 'function:'],
};

/** The ARN of a resource of which only type and id are said; else Config's own way to name it. */
const resource = (event: Envelope, context: Context, about: JsonObject, id: string): string => {
  const type = text(about, 'resourceType') ?? '-';
  const account = text(about, 'awsAccountId') ?? event.account ?? context.account;
  const known = lookUp(arns, type);
  if (isArnOf(id)) return id;
  if (known === null) return `${account}/${type}/${id}`;
  const [service, prefix] = known;
  return arnOf({ ...event, account, region: text(about, 'awsRegion') ?? event.region }, service, prefix + id, context);
};

const compliance = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const [rule, id] = [text(detail, 'configRuleName'), text(detail, 'resourceId')];
  const value = text(detail, 'newEvaluationResult', 'complianceType');
  if (rule === null || id === null || value === null) return null;
  const recorded = text(detail, 'newEvaluationResult', 'resultRecordedTime');
  return {
    kind: 'compliance.changed',
    subject: resource(event, context, detail, id),
    ...keyAt(recorded ?? event.time, 'compliance', rule, value),
    occurredAt: instant(recorded) ?? instant(event.time),
    located: locatedBy(context.locate, text(detail, 'resourceType'), id),
    outcome: inWords(value),
    reason: text(detail, 'newEvaluationResult', 'annotation'),
    detail: present({
      rule,
      resource: id,
      resourceType: text(detail, 'resourceType'),
      previous: text(detail, 'oldEvaluationResult', 'complianceType'),
    }),
  };
};

/** `ConfigurationSnapshotDeliveryCompleted` is completed; a rule that is evaluated by the clock is scheduled. */
const outcomeOfMessage = (type: string): string | null =>
  /(Started|Completed|Failed|Scheduled)(?:Notification)?$/.exec(type)?.[1]?.toLowerCase() ?? null;

/** What Config does for itself: it is about a rule, or about the account that it records. */
const reported = (event: Envelope, context: Context): Fact | null => {
  const { detail, beside } = event;
  const type = text(detail, 'messageType');
  if (type === null) return null;
  const rule = text(detail, 'configRuleARN') ?? text(beside, 'configRuleArn');
  const object = text(detail, 's3ObjectKey');
  return {
    kind: 'config.reported',
    subject: rule ?? accountArn(event.account ?? context.account, event.region ?? context.region),
    ...keyAt(text(detail, 'notificationCreationTime') ?? event.time, type, text(detail, 'configSnapshotId'), object),
    occurredAt: instant(detail['notificationCreationTime']) ?? instant(event.time),
    outcome: outcomeOfMessage(type),
    reason: text(detail, 'errorMessage'),
    detail: present({
      messageType: type,
      rule: text(detail, 'configRuleName') ?? text(beside, 'configRuleName'),
      bucket: text(detail, 's3Bucket'),
      object,
    }),
  };
};
