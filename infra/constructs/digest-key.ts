import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';
import type { HouseFunction } from './house-function.ts';

/** The key of keyed digests. It is made once and kept: another key would match nothing that stands on the record. */
export class DigestKey extends Construct {
  private readonly secret: Secret;

  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Escalator: key of keyed digests',
      encryptionKey: key,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets a function read the key; Lambda's own disk keeps it. */
  letDigest(reader: HouseFunction): void {
    this.secret.grantRead(reader);
    reader.addEnvironment(variables.digestKeyFile, '/tmp/escalator-digest.key');
    reader.addEnvironment(variables.digestKeySecret, this.secret.secretArn);
  }
}
