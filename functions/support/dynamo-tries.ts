import type { Tries } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { getAll, tableOf, toItem, updateIf } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/** Counts in the trail's table, an item each. They are few and small, and kept: what they count is never begun anew. */
export const createTries = (environment: Environment): Tries => {
  const table = tableOf(environment);
  const keyOf = (key: string) => keys.tries(laneOf(environment), key);
  const add = (key: string, count: number, more: Parameters<typeof updateIf>[2]) =>
    updateIf(table, keyOf(key), {
      ...more,
      ExpressionAttributeNames: { '#begun': 'begun', ...more.ExpressionAttributeNames },
      ExpressionAttributeValues: { ...toItem({ ':count': count }), ...more.ExpressionAttributeValues },
    });
  return {
    begin: async (key, atMost, at) => {
      const begun = await add(key, 1, {
        UpdateExpression: 'ADD #begun :count SET #at = :at',
        ConditionExpression: 'attribute_not_exists(#begun) OR #begun < :atMost',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: toItem({ ':at': at, ':atMost': atMost }),
      });
      if (begun !== null) return null;
      const [item] = await getAll(table, [keyOf(key)]);
      return typeof item?.['at'] === 'string' ? item['at'] : at;
    },
    callOff: async (key) => {
      await add(key, -1, { UpdateExpression: 'ADD #begun :count' });
    },
  };
};
