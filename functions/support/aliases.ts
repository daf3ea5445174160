import { GetAliasCommand, type LambdaClient, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { type AliasReading, aliasReading, type PreviousVersion } from '../../shared/ladder/actions/previous-version.ts';
import type { OutcomeReading } from '../../shared/ladder/input.ts';
import type { Eye } from './eyes.ts';
import { seen, seenOf } from './seen.ts';

/** What is seen of an alias of a Lambda function that an act points elsewhere. */
export const aliasBefore =
  (client: LambdaClient): Eye<PreviousVersion>['before'] =>
  async (_ladder, intent) => ({ target: await seen(() => readWithPrevious(client, intent)) });

/** What became of the act. */
export const aliasAfter =
  (client: LambdaClient): Eye<PreviousVersion>['after'] =>
  ({ intent, claim }) =>
    seenOf(aliasReading(claim?.target)?.previous ?? undefined, (version) => readPointed(client, intent, version));

const readWithPrevious = async (client: LambdaClient, intent: PreviousVersion): Promise<AliasReading> => {
  const alias = await readAlias(client, intent);
  return { of: 'alias', ...alias, previous: await previousTo(client, intent, alias.version) };
};

export const readAlias = async (
  client: LambdaClient,
  intent: PreviousVersion,
): Promise<Omit<AliasReading, 'of' | 'previous'>> => {
  const alias = await client.send(new GetAliasCommand({ FunctionName: intent.function, Name: intent.alias }));
  const weights = alias.RoutingConfig?.AdditionalVersionWeights ?? {};
  return {
    version: alias.FunctionVersion ?? '',
    revision: alias.RevisionId ?? '',
    weighted: Object.keys(weights),
  };
};

/** A page holds 50 versions at most. */
const pagesAtMost = 40;

/** The newest published version with a lower number; versions that were deleted are not there. */
const previousTo = async (
  client: LambdaClient,
  { function: FunctionName, avoid }: PreviousVersion,
  version: string,
): Promise<string | null> => {
  let best = 0;
  let Marker: string | undefined;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const answer = await client.send(new ListVersionsByFunctionCommand({ FunctionName, Marker }));
    for (const one of answer.Versions ?? []) {
      const number = Number(one.Version);
      if (number < Number(version) && number > best && !avoid.includes(String(number))) best = number;
    }
    Marker = answer.NextMarker;
    if (Marker === undefined) return best === 0 ? null : String(best);
  }
  throw new Error(`${FunctionName} has more than ${pagesAtMost} pages of versions`);
};

/** An alias points where it is told to at once; elsewhere only when somebody else told it to. */
const readPointed = async (client: LambdaClient, intent: PreviousVersion, to: string): Promise<OutcomeReading> => {
  const { version, weighted } = await readAlias(client, intent);
  const reason = `alias ${intent.target} points to version ${version}`;
  if (version === to && weighted.length === 0) return { status: 'done', reason };
  return { status: 'failed', reason: `${reason}${weighted.length > 0 ? ', and calls are being shifted' : ''}` };
};
