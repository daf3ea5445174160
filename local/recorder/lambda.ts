import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { RecorderOptions } from './ecs.ts';
import { nameIn, textIn } from './members.ts';

type Version = { number: string; description: string; publishedAt: number; revisionId: string };
type LambdaFunction = { name: string; versions: Version[]; latest: Version };
type Alias = {
  function: string;
  name: string;
  version: string;
  description: string;
  /** share of the calls by version, for those that another version gets */
  weights: { [version: string]: number };
  revisionId: string;
};

/**
 * The calls of Lambda that the product makes, and those that set up what it makes them on: functions with published
 * versions, and aliases whose revision id changes with each change. No function is run.
 */
export const lambdaOperations = (options: RecorderOptions): Operations => {
  const { transaction } = options;
  return {
    GetAccountSettings: () => ({
      AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 },
    }),
    CreateFunction: (input) => transaction(() => createFunction(options, input)),
    PublishVersion: (input) => transaction(() => publish(options, input)),
    ListVersionsByFunction: (input) => listVersions(options, functionOf(options, input)),
    CreateAlias: (input) => transaction(() => createAlias(options, input)),
    GetAlias: (input) => aliasView(options, aliasOf(options, input)),
    UpdateAlias: (input) => transaction(() => updateAlias(options, input)),
  };
};

const badValue = 'InvalidParameterValueException';

const arnOf = ({ world }: RecorderOptions, name: string): string =>
  `arn:aws:lambda:${world.region}:${world.account}:function:${name}`;

const createFunction = (options: RecorderOptions, input: Members) => {
  const name = textIn(input, 'FunctionName', badValue);
  if (options.book.get('function', name) !== null)
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409);
  const created: LambdaFunction = { name, versions: [], latest: newVersion(options, '$LATEST', input) };
  options.book.put('function', name, created);
  return versionView(options, created, created.latest);
};

const newVersion = ({ world }: RecorderOptions, number: string, input: Members): Version => ({
  number,
  description: String(input.Description ?? ''),
  publishedAt: world.now().getTime(),
  revisionId: world.newId(),
});

const functionOf = (options: RecorderOptions, input: Members): LambdaFunction => {
  const name = nameIn(textIn(input, 'FunctionName', badValue)).replace(/^.*:function:/, '');
  return options.book.get<LambdaFunction>('function', name) ?? notFound(`Function not found: ${arnOf(options, name)}`);
};

const notFound = (message: string): never => {
  throw new AwsError('ResourceNotFoundException', message, 404);
};

const publish = (options: RecorderOptions, input: Members) => {
  const found = functionOf(options, input);
  const version = newVersion(options, String(found.versions.length + 1), input);
  const published = { ...found, versions: [...found.versions, version] };
  options.book.put('function', found.name, published);
  return versionView(options, published, version);
};

/** `$LATEST` first, then the published ones, oldest first: as Lambda lists them. */
const listVersions = (options: RecorderOptions, found: LambdaFunction) => ({
  Versions: [found.latest, ...found.versions].map((version) => versionView(options, found, version)),
});

const versionView = (options: RecorderOptions, { name }: LambdaFunction, version: Version) => ({
  FunctionName: name,
  FunctionArn: `${arnOf(options, name)}:${version.number}`,
  Version: version.number,
  Description: version.description,
  LastModified: new Date(version.publishedAt).toISOString().replace('Z', '+0000'),
  RevisionId: version.revisionId,
  State: 'Active',
  Runtime: 'nodejs24.x',
  CodeSize: 1_024,
});

const createAlias = (options: RecorderOptions, input: Members) => {
  const found = functionOf(options, input);
  const name = textIn(input, 'Name', badValue);
  if (options.book.get('alias', `${found.name}:${name}`) !== null)
    throw new AwsError('ResourceConflictException', `Alias already exists: ${arnOf(options, found.name)}:${name}`, 409);
  const version = existing(options, found, textIn(input, 'FunctionVersion', badValue));
  const alias: Alias = {
    function: found.name,
    name,
    version,
    description: String(input.Description ?? ''),
    weights: weightsIn(input) ?? {},
    revisionId: options.world.newId(),
  };
  options.book.put('alias', `${found.name}:${name}`, alias);
  return aliasView(options, alias);
};

const existing = (options: RecorderOptions, { name, versions }: LambdaFunction, version: string): string =>
  version === '$LATEST' || versions.some(({ number }) => number === version)
    ? version
    : notFound(`Function not found: ${arnOf(options, name)}:${version}`);

const weightsIn = (input: Members): Alias['weights'] | null => {
  if (input.RoutingConfig === undefined || input.RoutingConfig === null) return null;
  const weights = (input.RoutingConfig.AdditionalVersionWeights ?? {}) as Alias['weights'];
  if (Object.values(weights).every((weight) => typeof weight === 'number' && weight >= 0 && weight <= 1))
    return weights;
  throw new AwsError(badValue, 'AdditionalVersionWeights must be numbers from 0 to 1');
};

const aliasOf = (options: RecorderOptions, input: Members): Alias => {
  const { name: of } = functionOf(options, input);
  const name = textIn(input, 'Name', badValue);
  return (
    options.book.get<Alias>('alias', `${of}:${name}`) ??
    notFound(`Cannot find alias arn: ${arnOf(options, of)}:${name}`)
  );
};

/** What is not given stays, the weights too; a revision id that is not the newest one is refused. */
const updateAlias = (options: RecorderOptions, input: Members) => {
  const alias = aliasOf(options, input);
  if (typeof input.RevisionId === 'string' && input.RevisionId !== alias.revisionId)
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetAlias API to retrieve the latest Revision Id',
      412,
    );
  const changed: Alias = {
    ...alias,
    version: existing(options, functionOf(options, input), String(input.FunctionVersion ?? alias.version)),
    description: String(input.Description ?? alias.description),
    weights: weightsIn(input) ?? alias.weights,
    revisionId: options.world.newId(),
  };
  options.book.put('alias', `${alias.function}:${alias.name}`, changed);
  return aliasView(options, changed);
};

const aliasView = (options: RecorderOptions, alias: Alias) => ({
  AliasArn: `${arnOf(options, alias.function)}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
});
