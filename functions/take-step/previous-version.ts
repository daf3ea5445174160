import { type LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { aliasReading, type PreviousVersion } from '../../shared/ladder/actions/previous-version.ts';
import { readAlias } from '../support/aliases.ts';
import type { Action } from './actions.ts';
import { refused, result } from './answers.ts';
import { diverged } from './ecs-service.ts';

/**
 * UpdateAlias to the version before, with the revision that was read: refused where somebody changed the alias in
 * between, which is then looked at again. Setting it twice sets it once: where it points proves the act.
 */
export const createPreviousVersion = (client: LambdaClient): Action<PreviousVersion> => ({
  start: async (_service, intent, readings) => {
    const reading = aliasReading(readings.target);
    if (reading === null || reading.previous === null)
      return result('refused', `alias ${intent.target} has no version before`);
    try {
      await client.send(
        new UpdateAliasCommand({
          FunctionName: intent.function,
          Name: intent.alias,
          FunctionVersion: reading.previous,
          RevisionId: reading.revision,
        }),
      );
      return result('started', `UpdateAlias to version ${reading.previous}; ${diverged}`);
    } catch (error) {
      return refused(error, ['PreconditionFailedException', 'ResourceConflictException']);
    }
  },
  readBack: async (_service, intent, claim) => {
    const read = aliasReading(claim.target);
    const { version, revision } = await readAlias(client, intent);
    if (read?.previous === version)
      return result('started', `alias ${intent.target} points to ${version}; ${diverged}`);
    return read?.revision === revision
      ? result('not-started', `alias ${intent.target} points to ${version}`)
      : result('unknown', `somebody else changed alias ${intent.target} since: it points to ${version}`);
  },
});
