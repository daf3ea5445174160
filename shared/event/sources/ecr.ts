import type { Actor } from '../../trail/entry.ts';
import { accountArn, firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Context, type Fact, keyAt, type Normaliser } from '../fact.ts';
import { isObject, type JsonObject, list, present, text } from '../fields.ts';
import type { Kind } from '../kinds.ts';
import { lookUp } from '../look-up.ts';
import { imageScan, repositoryArn } from './image-scan.ts';

/** ECR User Guide, "Amazon ECR events and EventBridge": `source` is `aws.ecr`. */
export const ecr: Normaliser = (event, context) => {
  const repository = text(event.detail, 'repository-name');
  switch (event.detailType) {
    case 'ECR Image Action':
      return image(event, context, lookUp(imageKinds, text(event.detail, 'action-type')));
    case 'ECR Pull Through Cache Action':
      return image(event, context, 'image.pulled-through');
    case 'ECR Replication Action':
      return image(event, context, 'image.replicated');
    case 'ECR Referrer Action':
      return image(event, context, 'image.referred');
    case 'ECR Image Scan':
      return repository === null ? null : imageScan(event, context, repository);
    case 'ECR Scan Resource Change':
      return scanSettings(event, context);
    default:
      return null;
  }
};

const imageKinds: { [action: string]: Kind } = {
  PUSH: 'image.pushed',
  DELETE: 'image.deleted',
  UPDATE_STORAGE_CLASS: 'image.stored',
};

/** A tag can be moved away and back: the time is part of what makes it this fact. */
const image = (event: Envelope, context: Context, kind: Kind | null): Fact | null => {
  const { detail } = event;
  const repository = text(detail, 'repository-name');
  if (kind === null || repository === null) return null;
  const [digest, tag] = [text(detail, 'image-digest'), text(detail, 'image-tag')];
  const result = text(detail, 'result') ?? text(detail, 'sync-status');
  return {
    kind,
    subject: repositoryArn(event, repository, context),
    ...keyAt(event.time, kind, digest, tag, result),
    ...(copies.has(kind) ? {} : somebody),
    outcome: lookUp(outcomes, result),
    reason: text(detail, 'failure-reason'),
    detail: present({ repository, image: digest, tag, ...whence(detail) }),
  };
};

/** What the registry does by itself; all else somebody asked for, or a rule of theirs, and the event does not say who. */
const copies = new Set<Kind>(['image.pulled-through', 'image.replicated']);
const somebody: { actor: Actor } = { actor: { type: 'unknown' } };

const outcomes: { [result: string]: string } = { SUCCESS: 'succeeded', FAILURE: 'failed', FAILED: 'failed' };

/** A copy says where it is from, and an image that is put away in which class it is then. */
const whence = (detail: JsonObject) => ({
  fromAccount: text(detail, 'source-account'),
  fromRegion: text(detail, 'source-region'),
  upstream: text(detail, 'upstream-registry-url'),
  storageClass: text(detail, 'target-storage-class'),
  artifact: text(detail, 'artifact-media-type'),
});

/** One event may be about many repositories: it is then about the account, and each stands in the detail. */
const scanSettings = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const [first, ...more] = list(detail, 'repositories').filter(isObject);
  const one = text(first, 'repository-arn') ?? text(detail, 'repository-name') ?? firstArn(event);
  if (one === null) return null;
  const account = accountArn(event.account ?? context.account, event.region ?? context.region);
  return {
    kind: 'scan-settings.changed',
    ...somebody,
    subject: more.length > 0 ? account : repositoryArn(event, one, context),
    detail: present({
      action: text(detail, 'action-type'),
      scanType: text(detail, 'scan-type'),
      repositories: first === undefined ? null : [first, ...more].slice(0, maxRepositories).map(frequency),
    }),
  };
};

/** So many are listed; the event has them all. */
const maxRepositories = 50;

const frequency = (repository: JsonObject): JsonObject =>
  present({
    repository: text(repository, 'repository-name') ?? text(repository, 'repository-arn'),
    frequency: text(repository, 'scan-frequency'),
    previous: text(repository, 'previous-scan-frequency'),
  });
