import type { Cursors } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { getAll, putIf, tableOf, toItem, updateIf } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/**
 * Cursors in the trail's table. A cursor moves forward only, so two runners of one reader are harmless. The tries at
 * the entries behind it stand in the same item, an attribute each; moving on puts the item anew and so forgets them.
 */
export const createCursors = (environment: Environment): Cursors => {
  const table = tableOf(environment);
  const keyOf = (reader: string) => keys.cursor(laneOf(environment), reader);
  return {
    get: async (reader) => {
      const [item] = await getAll(table, [keyOf(reader)]);
      return typeof item?.['next'] === 'number' ? item['next'] : 0;
    },
    advance: async (reader, next) => {
      // Where this is refused, somebody is further already.
      await putIf(
        table,
        { ...keyOf(reader), next },
        {
          ConditionExpression: 'attribute_not_exists(#next) OR #next < :next',
          ExpressionAttributeNames: { '#next': 'next' },
          ExpressionAttributeValues: toItem({ ':next': next }),
        },
      );
    },
    attempt: async (reader, seq) => {
      const begun = await updateIf(table, keyOf(reader), {
        UpdateExpression: 'ADD #try :one',
        ExpressionAttributeNames: { '#try': triesAt(seq) },
        ExpressionAttributeValues: toItem({ ':one': 1 }),
      });
      return Number(begun?.[triesAt(seq)] ?? 1) - Number(begun?.[triesAt(seq + 1)] ?? 0);
    },
  };
};

const triesAt = (seq: number): string => `try-${seq}`;
