import { firstArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { list, present, text } from '../fields.ts';
import type { Kind } from '../kinds.ts';
import { imageScan, repositoryArn } from './image-scan.ts';

/** ECR User Guide, "Amazon ECR events and EventBridge": `source` is `aws.ecr`. */
export const ecr: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'ECR Image Action':
      return image(event, context, imageKinds[text(event.detail, 'action-type') ?? ''] ?? null);
    case 'ECR Pull Through Cache Action':
      return image(event, context, 'image.pulled-through');
    case 'ECR Replication Action':
      return image(event, context, 'image.replicated');
    case 'ECR Referrer Action':
      return image(event, context, 'image.referred');
    case 'ECR Image Scan':
      return imageScan(event, context);
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
    key: [kind, digest, tag, result, event.time],
    outcome: result === 'SUCCESS' ? 'succeeded' : result === 'FAILURE' || result === 'FAILED' ? 'failed' : null,
    reason: text(detail, 'failure-reason'),
    detail: present({ repository, image: digest, tag }),
  };
};

const scanSettings = (event: Envelope, context: Context): Fact | null => {
  const first = list(event.detail, 'repositories')[0];
  const repository = text(first, 'repository-arn') ?? text(event.detail, 'repository-name') ?? firstArn(event);
  if (repository === null) return null;
  return {
    kind: 'scan-settings.changed',
    subject: repositoryArn(event, repository, context),
    detail: present({ action: text(event.detail, 'action-type'), scanType: text(event.detail, 'scan-type') }),
  };
};
