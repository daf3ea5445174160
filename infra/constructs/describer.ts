import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Watch } from './alarm.ts';
import type { DigestKey } from './digest-key.ts';
import type { Config } from '../../shared/config/config.ts';
import { HouseFunction } from './house-function.ts';
import type { Trail } from './trail.ts';
import { WorkQueue } from './work-queue.ts';

export type DescriberProps = { key: IKey; config: Config; trail: Trail; digests: DigestKey; alerts: Watch };

/** What the event of a push does not say is asked of CodeCommit. */
export class Describer extends Construct {
  readonly queue: WorkQueue;

  constructor(scope: Construct, id: string, { key, config, trail, digests, alerts }: DescriberProps) {
    super(scope, id);
    const describer = new HouseFunction(this, 'DescribeChange', {
      name: 'describe-change',
      config,
      key,
      timeout: Duration.minutes(2), // fifty commits of one push, one after the other
    });
    trail.letAppend(describer);
    digests.letDigest(describer);
    // Every push in the account is on the record, so every repository of it may be asked about.
    const repositories = Stack.of(this).formatArn({ service: 'codecommit', resource: '*' });
    describer.letCall(['codecommit:GetCommit', 'codecommit:GetDifferences'], [repositories]);
    this.queue = new WorkQueue(this, 'Queue', { name: 'describe', key, worker: describer, watch: alerts });
  }
}
