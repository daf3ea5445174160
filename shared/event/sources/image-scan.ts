import { resourceArn } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact } from '../fact.ts';
import { inWords, object, present, text } from '../fields.ts';

/** The scan of a container image, by ECR itself (`ECR Image Scan`) or by Inspector (`Inspector2 Scan`). */
export const imageScan = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const repository = text(detail, 'repository-name') ?? event.resources[0] ?? null;
  const status = text(detail, 'scan-status');
  if (repository === null || status === null) return null;
  const image = text(detail, 'image-digest');
  return {
    kind: 'image.scanned',
    subject: repositoryArn(event, repository, context),
    key: ['scan', event.source, image, status, event.time],
    change: null,
    outcome: inWords(status),
    detail: present({ repository, image, severities: object(detail, 'finding-severity-counts') }),
  };
};

/** Inspector gives the repository's ARN where ECR gives its name. */
export const repositoryArn = (event: Envelope, repository: string, context: Context): string =>
  repository.startsWith('arn:') ? repository : resourceArn(event, 'ecr', `repository/${repository}`, context);
