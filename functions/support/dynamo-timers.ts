import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Timer, Timers } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { queryAll, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/** Due rows in the trail's table, soonest first. */
export const createTimers = (environment: Environment): Timers => {
  const table = tableOf(environment);
  const lane = laneOf(environment);
  const keyOf = (timer: Timer) => keys.timer(lane, timer.due, `${timer.ladder}#${timer.version}#${timer.name}`);
  return {
    set: async (timer) => {
      const Item = toItem({ ...keyOf(timer), ...timer });
      await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
    },
    due: async (now, limit) => {
      const query = {
        KeyConditionExpression: 'pk = :pk AND sk <= :now',
        // '~' sorts behind every id: a timer due this very millisecond is due
        ExpressionAttributeValues: toItem({ ':pk': keys.timer(lane, '', '').pk, ':now': `${now}#~` }),
      };
      return (await queryAll(table, query, limit)).map(({ pk: _pk, sk: _sk, ...timer }) => timer as Timer);
    },
    clear: async (timer) => {
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: toItem(keyOf(timer)) }));
    },
  };
};
