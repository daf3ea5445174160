import type { Actor } from '../../trail/entry.ts';
import { actorOfIdentity, serviceActor } from '../actor.ts';
import { accountArn, arnOf, isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact } from '../fact.ts';
import { isTrue, type JsonObject, list, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import type { Located } from '../locate.ts';

/** Any service's detail-type that carries a CloudTrail record; some are spelt in two ways. */
export const isFromTrail = ({ detailType, source }: Envelope): boolean =>
  detailType.endsWith(' via CloudTrail') && source.startsWith('aws.');

/**
 * A CloudTrail record: a fact of its own, also where the service has an event for the same act. CloudTrail User
 * Guide, "CloudTrail record contents". Record versions 1.x are read; another major version may mean anything.
 */
export const cloudtrail = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const id = text(detail, 'eventID');
  const name = text(detail, 'eventName');
  if (id === null || !(text(detail, 'eventVersion') ?? '1.').startsWith('1.')) return null;
  const kind = kindOf(event);
  return {
    kind,
    subject: subjectOf(event, context),
    key: [id],
    occurredAt: instant(detail['eventTime']) ?? instant(event.time),
    actor: actorOf(event, context),
    located: locatedBy(event, context),
    outcome: outcomes[kind] ?? null,
    reason: said(detail, 'errorMessage'),
    detail: callDetail(event, name),
  };
};

const outcomes: { [kind in Kind]?: string } = {
  call: 'succeeded',
  'call.failed': 'failed',
  'sign-in': 'succeeded',
  'sign-in.failed': 'failed',
};

/** Some exporters write absent values as the text `null`. */
const said = (detail: JsonObject, key: string): string | null => {
  const value = text(detail, key);
  return value === 'null' ? null : value;
};

const kindOf = (event: Envelope): Kind => {
  const { detail, detailType } = event;
  if (/sign-?\s?in via/i.test(detailType) && text(detail, 'eventName') === 'ConsoleLogin')
    return text(detail, 'responseElements', 'ConsoleLogin') === 'Failure' ? 'sign-in.failed' : 'sign-in';
  if (detailType === 'AWS Service Event via CloudTrail') return 'service-event';
  if (detailType === 'AWS Insight via CloudTrail') return 'call-insight';
  return said(detail, 'errorCode') === null && said(detail, 'errorMessage') === null ? 'call' : 'call.failed';
};

const actorOf = ({ detail, source }: Envelope, context: Context): Actor => {
  const actor = actorOfIdentity(detail['userIdentity'], context.identitiesVerified);
  const isOwn =
    text(detail, 'eventType') === 'AwsServiceEvent' && (actor.type === 'unknown' || actor.type === 'service');
  return isOwn ? serviceActor(text(detail, 'eventSource') ?? source) : actor;
};

/** How the services that deliver changes name what is called; others name it in `resources`, or not at all. */
const named: { [service: string]: { service: string; keys: string[]; prefix: string } } = {
  'aws.codepipeline': { service: 'codepipeline', keys: ['pipelineName', 'name'], prefix: '' },
  'aws.codecommit': { service: 'codecommit', keys: ['repositoryName'], prefix: '' },
  'aws.codebuild': { service: 'codebuild', keys: ['projectName'], prefix: 'project/' },
  'aws.monitoring': { service: 'cloudwatch', keys: ['alarmName'], prefix: 'alarm:' },
  'aws.lambda': { service: 'lambda', keys: ['functionName'], prefix: 'function:' },
};

const callee = (event: Envelope): { service: string; name: string; prefix: string } | null => {
  const how = named[event.source];
  const parameters = event.detail['requestParameters'];
  const name = how?.keys.map((key) => text(parameters, key)).find((found) => found !== null) ?? null;
  return how === undefined || name === null ? null : { service: how.service, name, prefix: how.prefix };
};

const subjectOf = (event: Envelope, context: Context): string => {
  const called = callee(event);
  if (called !== null && isArnOf(called.name)) return called.name;
  if (called !== null) return arnOf(event, called.service, called.prefix + called.name, context);
  return resourceOf(event) ?? accountArn(event.account ?? context.account, event.region ?? context.region);
};

/** What the record lists; else a parameter that is an ARN of the called service in the caller's own account. */
const resourceOf = ({ detail, source, account }: Envelope): string | null => {
  const listed = list(detail, 'resources').map((one) => text(one, 'ARN') ?? text(one, 'arn'));
  const parameters = Object.values(object(detail, 'requestParameters'));
  const isOurs = (value: string): boolean =>
    isArnOf(value, source.slice('aws.'.length)) && value.split(':')[4] === account;
  return (
    listed.find((arn) => arn !== null && isArnOf(arn)) ??
    parameters.find((value): value is string => typeof value === 'string' && isOurs(value)) ??
    null
  );
};

const locatedBy = (event: Envelope, { locate }: Context): Located | null => {
  const called = callee(event);
  if (called?.service === 'codepipeline') return locate.pipeline(called.name);
  if (called?.service === 'codecommit') return locate.repository(called.name);
  return called?.service === 'cloudwatch' ? locate.alarm(called.name) : null;
};

const callDetail = (event: Envelope, name: string | null): JsonObject => {
  const { detail } = event;
  return {
    ...present({
      call: name,
      service: text(detail, 'eventSource'),
      errorCode: said(detail, 'errorCode'),
      invokedBy: text(detail, 'userIdentity', 'invokedBy'),
      sourceIp: text(detail, 'sourceIPAddress'),
      mfa: text(detail, 'additionalEventData', 'MFAUsed'),
    }),
    readOnly: isTrue(detail, 'readOnly'),
    console: madeInConsole(detail),
  };
};

/** `sessionCredentialFromConsole` since 2023; before that only the user agent told. */
const madeInConsole = (detail: JsonObject): boolean =>
  isTrue(detail, 'sessionCredentialFromConsole') ||
  /(?:console|signin)\.amazonaws\.com/.test(text(detail, 'userAgent') ?? '') ||
  text(detail, 'userIdentity', 'invokedBy') === 'signin.amazonaws.com';
