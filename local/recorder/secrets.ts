import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { RecorderOptions } from './ecs.ts';
import { textIn } from './members.ts';

type Secret = { name: string; arn: string; value: string; createdAt: number };

/** The call of Secrets Manager that the product makes, and the one that sets up what it makes it on. */
export const secretOperations = (options: RecorderOptions): Operations => ({
  CreateSecret: (input) => options.transaction(() => createSecret(options, input)),
  GetSecretValue: (input) => {
    const { name, arn, value, createdAt } = secretNamed(options, textIn(input, 'SecretId', invalid));
    return {
      Name: name,
      ARN: arn,
      SecretString: value,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(createdAt),
    };
  },
});

const invalid = 'InvalidParameterException';

const createSecret = ({ world, book }: RecorderOptions, input: Members): object => {
  const [name, value] = [textIn(input, 'Name', invalid), textIn(input, 'SecretString', invalid)];
  if (book.get('secret', name) !== null)
    throw new AwsError('ResourceExistsException', `a secret ${name} already exists`);
  const arn = `arn:aws:secretsmanager:${world.region}:${world.account}:secret:${name}-${world.newId().slice(0, 6)}`;
  const secret: Secret = { name, arn, value, createdAt: world.now().getTime() };
  book.put('secret', name, secret);
  return { Name: name, ARN: arn };
};

/** By its name or its ARN. */
const secretNamed = ({ book }: RecorderOptions, id: string): Secret => {
  const secret = book.all<Secret>('secret').find(({ name, arn }) => name === id || arn === id);
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
};
