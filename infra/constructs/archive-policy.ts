import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** What an archive refuses to everybody: to write twice what is written once (Amazon S3 User Guide, "Enforce conditional writes"). */
export const writtenOnce = (archive: IBucket): PolicyStatement =>
  new PolicyStatement({
    sid: 'WrittenOnce',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [archive.arnForObjects('*/tile/*'), archive.arnForObjects('*/checkpoints/*')],
    conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  });
