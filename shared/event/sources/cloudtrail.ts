import type { Actor, Change, Json } from '../../trail/entry.ts';
import { actorOfIdentity, serviceActor } from '../actor.ts';
import { accountArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact } from '../fact.ts';
import { at, inWords, isTrue, type JsonObject, list, number, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { type Located, together } from '../locate.ts';
import { lookUp } from '../look-up.ts';
import { alarmsCalled, answered, asked, calledArn, groupCalled, repositoryCalled, serviceOf } from './called.ts';

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
  if (id === null || !(text(detail, 'eventVersion') ?? '1.').startsWith('1.')) return null;
  const called = whereCalled(event);
  const fact = {
    subject:
      calledArn(called, context) ?? accountArn(called.account ?? context.account, called.region ?? context.region),
    key: keyOf(id, detail),
    occurredAt: instant(detail['eventTime']) ?? instant(event.time),
  };
  return { ...fact, ...told(called, context) };
};

const told = (event: Envelope, context: Context): Told => {
  const { detail, detailType } = event;
  if (detailType === 'AWS Insight via CloudTrail' || text(detail, 'eventType') === 'AwsCloudTrailInsight')
    return insight(detail);
  return serviceOf(event) === 'signin' && logins.has(text(detail, 'eventName') ?? '')
    ? signIn(event, context)
    : call(event, context);
};

/** To the console; and to the portal of IAM Identity Center, which CloudTrail tells as an event of the service. */
const logins = new Set(['ConsoleLogin', 'UserAuthentication']);

/** Events of global services, and forwarded ones, come in another Region than the one that was called. */
const whereCalled = (event: Envelope): Envelope => ({
  ...event,
  account: said(event.detail, 'recipientAccountId') ?? event.account,
  region: said(event.detail, 'awsRegion') ?? event.region,
});

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id is unique; where an exporter has put something in its place, what was called and when is needed too. */
const keyOf = (id: string, detail: JsonObject): Fact['key'] =>
  guid.test(id) ? [id] : [id, text(detail, 'eventName'), text(detail, 'eventTime')];

/** Some exporters write absent values as the text `null`. */
const said = (detail: JsonObject, key: string): string | null => {
  const value = text(detail, key);
  return value === 'null' ? null : value;
};

type Told = Omit<Fact, 'subject' | 'key' | 'occurredAt'>;

const call = (event: Envelope, context: Context): Told => {
  const { detail } = event;
  const kind = kindOf(event);
  const failed = kind === 'call.failed';
  return {
    kind,
    actor: actorOf(event, context),
    located: locatedBy(event, context),
    change: changeOf(event),
    execution: answered(event, 'pipelineExecutionId') ?? asked(event, 'pipelineExecutionId'),
    outcome: kind === 'service-event' ? serviceOutcome(detail) : failed ? 'failed' : 'succeeded',
    reason: failed ? (said(detail, 'errorMessage') ?? said(detail, 'errorCode')) : reasonGiven(event),
    detail: { ...callDetail(event), ...delivery(event) },
  };
};

const kindOf = (event: Envelope): Kind => {
  if (event.detailType === 'AWS Service Event via CloudTrail') return 'service-event';
  return hasFailed(event) ? 'call.failed' : 'call';
};

/** Events of signing in (`CheckMfa`, `SwitchRole`) say under their own name how they went. */
const hasFailed = (event: Envelope): boolean => {
  const { detail } = event;
  const name = text(detail, 'eventName') ?? '';
  const went = answered(event, name) ?? text(detail, 'serviceEventDetails', name);
  return said(detail, 'errorCode') !== null || said(detail, 'errorMessage') !== null || went === 'Failure';
};

const serviceOutcome = (detail: JsonObject): string | null => {
  const about = object(detail, 'serviceEventDetails');
  const status = text(about, 'status') ?? text(about, 'state') ?? text(about, text(detail, 'eventName') ?? '');
  return status === null ? null : inWords(status);
};

/** Some calls ask their caller why. */
const reasonGiven = (event: Envelope): string | null =>
  asked(event, 'result', 'summary') ?? asked(event, 'stateReason') ?? asked(event, 'reason');

const actorOf = ({ detail, source }: Envelope, context: Context): Actor => {
  const actor = actorOfIdentity(detail['userIdentity'], context.identitiesVerified);
  const isOwn =
    text(detail, 'eventType') === 'AwsServiceEvent' && (actor.type === 'unknown' || actor.type === 'service');
  return isOwn ? serviceActor(text(detail, 'eventSource') ?? source) : actor;
};

const locatedBy = (event: Envelope, { locate }: Context): Located | null => {
  switch (serviceOf(event)) {
    case 'codepipeline':
      return locate.pipeline(pipelineCalled(event) ?? '', asked(event, 'stageName') ?? undefined);
    case 'codecommit':
      return locate.repository(repositoryCalled(event) ?? '');
    case 'monitoring':
      return together(alarmsCalled(event).map(locate.alarm));
    case 'autoscaling':
      return locate.group(groupCalled(event) ?? '');
    default:
      return null;
  }
};

/** The commit that a push moved one reference to, or that an execution was started at. Where there are more, none. */
const changeOf = (event: Envelope): Change | null => {
  const parameters = event.detail['requestParameters'];
  const pushed = list(parameters, 'references').map((one) => text(one, 'commit'));
  const started = list(parameters, 'sourceRevisions')
    .filter((one) => text(one, 'revisionType') === 'COMMIT_ID')
    .map((one) => text(one, 'revisionValue'));
  const [commit, ...more] = [...pushed, ...started];
  if (commit == null || more.length > 0) return null;
  return { repository: repositoryCalled(event), commit };
};

const pipelineCalled = (event: Envelope): string | null =>
  asked(event, 'pipelineName') ?? asked(event, 'name') ?? asked(event, 'pipeline', 'name');

/** What lists show of calls that deliver, or that stop a delivery. */
const delivery = (event: Envelope): JsonObject => {
  const [isPipeline, isFunction] = ['codepipeline', 'lambda'].map((service) => serviceOf(event) === service);
  return present({
    pipeline: isPipeline ? pipelineCalled(event) : null,
    stage: isPipeline ? asked(event, 'stageName') : null,
    action: isPipeline ? asked(event, 'actionName') : null,
    decision: isPipeline ? asked(event, 'result', 'status') : null,
    deployment: asked(event, 'deploymentId') ?? answered(event, 'deploymentId'),
    taskDefinition: asked(event, 'taskDefinition'),
    alias: isFunction ? asked(event, 'name') : null,
    version: isFunction ? (asked(event, 'functionVersion') ?? answered(event, 'version')) : null,
    alarms: serviceOf(event) === 'monitoring' ? alarmsCalled(event) : null,
    group: groupCalled(event),
  });
};

/** Attribution is the caller's: a service that called in somebody's name stands in `invokedBy`. */
const callDetail = (event: Envelope, mfa = sessionMfa(event)): JsonObject => {
  const { detail } = event;
  const caller = text(detail, 'userIdentity', 'accountId');
  const isFederated = text(detail, 'userIdentity', 'type') === 'FederatedUser';
  return {
    ...present({
      call: text(detail, 'eventName'),
      service: text(detail, 'eventSource'),
      errorCode: said(detail, 'errorCode'),
      invokedBy: text(detail, 'userIdentity', 'invokedBy'),
      callerAccount: caller === event.account ? null : caller,
      identityProvider: text(detail, 'userIdentity', 'identityProvider'),
      issuer: isFederated ? text(detail, 'userIdentity', 'sessionContext', 'sessionIssuer', 'arn') : null,
      principal: text(detail, 'userIdentity', 'arn') === null ? text(detail, 'userIdentity', 'principalId') : null,
      sourceIp: text(detail, 'sourceIPAddress'),
      vpcEndpoint: text(detail, 'vpcEndpointId'),
      mfa,
      shared: text(detail, 'sharedEventID'),
      readOnly: flag(detail['readOnly']),
    }),
    console: madeInConsole(detail),
  };
};

/**
 * Whoever comes from an identity provider, or in a role that one gives out, proved the second factor there or nowhere:
 * a `No` of theirs says nothing, and is not put on record as one.
 */
const secondFactor = ({ detail }: Envelope, shown: boolean | null): boolean | null => {
  const isElsewhere = /Role|SAML|Federated|Web|IdentityCenter/.test(text(detail, 'userIdentity', 'type') ?? '');
  return shown === false && isElsewhere ? null : shown;
};

const sessionMfa = (event: Envelope): boolean | null =>
  secondFactor(event, flag(at(event.detail, 'userIdentity', 'sessionContext', 'attributes', 'mfaAuthenticated')));

/** Booleans come as texts here and there, and not at all in old records. */
const flag = (value: Json | undefined): boolean | null => {
  if (typeof value === 'boolean') return value;
  return value === 'true' || value === 'false' ? value === 'true' : null;
};

/** `sessionCredentialFromConsole` since 2023; before that only the user agent told. */
const madeInConsole = (detail: JsonObject): boolean =>
  isTrue(detail, 'sessionCredentialFromConsole') ||
  text(detail, 'eventType') === 'AwsConsoleAction' ||
  /(?:console|signin)\.amazonaws\.com|^console\.[\w-]+\.amazonaws\.com|S3Console\//.test(
    text(detail, 'userAgent') ?? '',
  ) ||
  text(detail, 'userIdentity', 'invokedBy') === 'signin.amazonaws.com';

/** CloudTrail User Guide, "AWS Management Console sign-in events". Who failed to sign in is only claimed. */
const signIn = (event: Envelope, context: Context): Told => {
  const { detail } = event;
  const failed = hasFailed(event);
  const used = text(detail, 'additionalEventData', 'MFAUsed');
  const actor = signedIn(detail, context);
  return {
    kind: failed ? 'sign-in.failed' : 'sign-in',
    actor: failed ? claimed(actor) : actor,
    outcome: failed ? 'failed' : 'succeeded',
    reason: said(detail, 'errorMessage') ?? said(detail, 'errorCode'),
    detail: callDetail(event, secondFactor(event, lookUp(signInMfa, used))),
  };
};

/** Identity Center gives its users no type, only a name. */
const signedIn = (detail: JsonObject, { identitiesVerified: verified }: Context): Actor => {
  const actor = actorOfIdentity(detail['userIdentity'], verified);
  const name = text(detail, 'userIdentity', 'userName');
  if (actor.type !== 'unknown' || name === null) return actor;
  return { type: 'person', id: text(detail, 'userIdentity', 'principalId') ?? name, name, verified };
};

/** CloudTrail does not show a name that no user has: it may be a password, typed in the wrong field. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const claimed = (actor: Actor): Actor => {
  if (actor.type !== 'person') return actor;
  return actor.name === hidden ? { type: 'unknown' } : { ...actor, verified: false };
};

const signInMfa: { [used: string]: boolean } = { Yes: true, No: false };

const insightOutcomes: { [state: string]: string } = { Start: 'started', End: 'ended' };

/** CloudTrail User Guide, "CloudTrail Insights insightDetails element": averages are calls, or errors, a minute. */
const insight = (detail: JsonObject): Told => {
  const about = object(detail, 'insightDetails');
  return {
    kind: 'call-insight',
    actor: serviceActor('cloudtrail.amazonaws.com'),
    outcome: lookUp(insightOutcomes, text(about, 'state')),
    detail: present({
      call: text(about, 'eventName'),
      service: text(about, 'eventSource'),
      insight: text(about, 'insightType'),
      errorCode: text(about, 'errorCode'),
      usual: number(about, 'insightContext', 'statistics', 'baseline', 'average'),
      seen: number(about, 'insightContext', 'statistics', 'insight', 'average'),
      shared: text(detail, 'sharedEventID'),
    }),
  };
};
