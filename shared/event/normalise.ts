import type { Group, Json } from '../trail/entry.ts';
import { accountArn, firstArn } from './arn.ts';
import type { AwsEvent, Envelope } from './envelope.ts';
import { contentDigest, type Context, type Fact, groupOf, type Normaliser } from './fact.ts';
import { present } from './fields.ts';
import type { Kind } from './kinds.ts';
import { redactEnvelope } from './redact.ts';
import { autoscaling } from './sources/autoscaling.ts';
import { canary } from './sources/canary.ts';
import { cloudformation } from './sources/cloudformation.ts';
import { cloudtrail, isFromTrail } from './sources/cloudtrail.ts';
import { cloudwatch } from './sources/cloudwatch.ts';
import { codebuild } from './sources/codebuild.ts';
import { codecommit } from './sources/codecommit.ts';
import { codedeploy } from './sources/codedeploy.ts';
import { codepipeline } from './sources/codepipeline.ts';
import { config } from './sources/config.ts';
import { ecr } from './sources/ecr.ts';
import { ecs } from './sources/ecs.ts';
import { events } from './sources/events.ts';
import { health } from './sources/health.ts';
import { inspector2 } from './sources/inspector2.ts';
import { unwrap } from './unwrap.ts';
import { canarySource } from '../watch/canary.ts';

const sources = new Map<string, Normaliser>([
  ['aws.autoscaling', autoscaling],
  ['aws.cloudformation', cloudformation],
  ['aws.cloudwatch', cloudwatch],
  ['aws.codebuild', codebuild],
  ['aws.codecommit', codecommit],
  ['aws.codedeploy', codedeploy],
  ['aws.codepipeline', codepipeline],
  ['aws.config', config],
  ['aws.ecr', ecr],
  ['aws.ecs', ecs],
  ['aws.events', events],
  ['aws.health', health],
  ['aws.inspector2', inspector2],
  [canarySource, canary],
]);

/** The sources whose events are understood, as events name them; CloudTrail's have the names of all services. */
export const knownSources = [...sources.keys()];

/**
 * Turns an event into groups of entry drafts, one group for each fact in it (a wrapper may hold several). What comes
 * out is redacted. An event whose source, detail-type or shape is not known is a fact of kind `unknown`; none is
 * dropped.
 *
 * @param event as `readEvent` gives it; a list is a list of events
 * @param context what the event itself does not say
 * @returns at least one group
 */
export const normalise = (event: AwsEvent | Json[], context: Context): Group<Kind>[] => {
  const raw = context.digest(context.raw); // taken once for a message with many events
  const once = { ...context, digest: (text: string) => (text === context.raw ? raw : context.digest(text)) };
  return unwrap(event).map((envelope) => {
    const { event: clean, redactions } = redactEnvelope(envelope, context.digest);
    return groupOf(factOf(clean, once), clean, redactions, once);
  });
};

const factOf = (event: Envelope, context: Context): Fact => understood(event, context) ?? unknown(event, context);

/** Recording fails open: a mistake of ours in reading a shape must not keep an event off the record. */
const understood = (event: Envelope, context: Context): Fact | null => {
  try {
    return isFromTrail(event) ? cloudtrail(event, context) : (sources.get(event.source)?.(event, context) ?? null);
  } catch {
    return null;
  }
};

/** The envelope's id is not part of the key: the same event put again, under a new id, adds nothing. */
const unknown = (event: Envelope, context: Context): Fact => ({
  kind: 'unknown',
  subject: firstArn(event) ?? accountArn(event.account ?? context.account, event.region ?? context.region),
  key: ['unknown', contentDigest(event, context)],
  actor: { type: 'unknown' },
  detail: present({ source: event.source === 'unknown' ? null : event.source }),
});
