import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Cursors } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { getAll, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/** Cursors in the trail's table. A cursor moves forward only, so two runners of one reader are harmless. */
export const createCursors = (environment: Environment): Cursors => {
  const table = tableOf(environment);
  const lane = laneOf(environment);
  return {
    get: async (reader) => {
      const [item] = await getAll(table, [keys.cursor(lane, reader)]);
      return typeof item?.['next'] === 'number' ? item['next'] : 0;
    },
    advance: async (reader, segment) => {
      try {
        await table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: toItem(keys.cursor(lane, reader)),
            UpdateExpression: 'SET #next = :next',
            ConditionExpression: 'attribute_not_exists(#next) OR #next < :next',
            ExpressionAttributeNames: { '#next': 'next' },
            ExpressionAttributeValues: toItem({ ':next': segment }),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error; // somebody is further already
      }
    },
  };
};
