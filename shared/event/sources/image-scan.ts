import { resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Context, type Fact, keyAt } from '../fact.ts';
import { inWords, list, object, present, text } from '../fields.ts';

/** The scan of a container image, by ECR itself (`ECR Image Scan`) or by Inspector (`Inspector2 Scan`). */
export const imageScan = (event: Envelope, context: Context, repository: string): Fact | null => {
  const { detail } = event;
  const status = text(detail, 'scan-status');
  if (status === null) return null;
  const image = text(detail, 'image-digest');
  const [tags, severities] = [list(detail, 'image-tags'), object(detail, 'finding-severity-counts')];
  return {
    kind: 'image.scanned',
    subject: repositoryArn(event, repository, context),
    ...keyAt(event.time, 'scan', event.source, image, status),
    outcome: inWords(status),
    detail: present({
      repository,
      image,
      tags: tags.length === 0 ? null : tags,
      severities: Object.keys(severities).length === 0 ? null : severities,
    }),
  };
};

/** Inspector gives the repository's ARN where ECR gives its name. */
export const repositoryArn = (event: Envelope, repository: string, context: Context): string =>
  repository.startsWith('arn:') ? repository : resourceArn(event, 'ecr', `repository/${repository}`, context);
