import type { Row, Rows } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { getAll, inBatches, type Item, putAll, putIf, queryAll, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf } from './environment.ts';

/** Rows in the trail's table. The body is kept as text: numbers and nulls come back exactly as they went in. */
export const createRows = (environment: Environment): Rows => {
  const table = tableOf(environment);
  const lane = laneOf(environment);
  return {
    put: async (rows) => {
      const itemOf = ({ question, sort, body, ...rest }: Row) => ({
        ...keys.row(lane, question, sort),
        ...rest,
        question,
        body: JSON.stringify(body),
      });
      const versioned = rows.filter(({ version }) => version !== undefined);
      await putAll(table, rows.filter(({ version }) => version === undefined).map(itemOf));
      // In no order: of two under one key the newer stays, whichever comes first.
      await inBatches(versioned, 1, async (rows) => {
        for (const row of rows) await putIf(table, itemOf(row), olderThan(row.version ?? 0));
      });
    },
    newest: async (question, limit, after) => {
      const { pk } = keys.row(lane, question, '');
      const query = {
        KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :after',
        ExpressionAttributeValues: toItem(after === undefined ? { ':pk': pk } : { ':pk': pk, ':after': after }),
        ScanIndexForward: false,
      };
      return (await queryAll(table, query, limit)).map((item) => rowOf(item, question));
    },
    states: async (questions) => {
      const wanted = [...new Set(questions)].map((question) => keys.row(lane, question, 'state'));
      return (await getAll(table, wanted)).map((item) => rowOf(item, String(item['question'])));
    },
  };
};

const rowOf = ({ sk, segment, body }: Item, question: string): Row => ({
  question,
  sort: String(sk),
  segment: Number(segment),
  body: JSON.parse(String(body)) as Row['body'],
});

const olderThan = (version: number) => ({
  ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: toItem({ ':version': version }),
});
