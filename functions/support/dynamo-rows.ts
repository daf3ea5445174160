import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Row, Rows } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { fromItem, putAll, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/** Rows in the trail's table. The body is kept as text: numbers and nulls come back exactly as they went in. */
export const createRows = (environment: Environment): Rows => {
  const table = tableOf(environment);
  const lane = laneOf(environment);
  return {
    put: (rows) =>
      putAll(
        table,
        rows.map(({ question, sort, segment, body }) => ({
          ...keys.row(lane, question, sort),
          question,
          segment,
          body: JSON.stringify(body),
        })),
      ),
    newest: async (question, Limit, after) => {
      const { pk } = keys.row(lane, question, '');
      const answer = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :after',
          ExpressionAttributeValues: toItem(after === undefined ? { ':pk': pk } : { ':pk': pk, ':after': after }),
          ConsistentRead: true,
          ScanIndexForward: false,
          Limit,
        }),
      );
      return (answer.Items ?? []).map((item): Row => {
        const { sk, segment, body } = fromItem(item);
        return { question, sort: String(sk), segment: Number(segment), body: JSON.parse(String(body)) as Row['body'] };
      });
    },
  };
};
