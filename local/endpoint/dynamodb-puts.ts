import { type Attributes, db, type Store, type Write } from './dynalite.ts';
import { type Shortcut, tableOf } from './dynamodb-batches.ts';
import { ifNothingIsThere, keyOf } from './plain-request.ts';

type PutRequest = { TableName: string; Item: Attributes; ConditionExpression?: string };

/**
 * PutItem where there is nothing under the key, as segments are put: everybody who appends waits for it. One look and one
 * write, where dynalite reads the table and the item on other threads and works the condition out. Null leaves the
 * request to dynalite, with its answer to anything else: there is an item, something is wrong, more is asked for.
 */
export const putNew: Shortcut = async (store, request) => {
  const { TableName: name, Item: item, ConditionExpression: condition, ...more } = request as PutRequest;
  if (condition !== ifNothingIsThere || Object.keys(more).length > 0) return null;
  const table = await tableOf(store, name);
  if (table?.KeySchema[0]?.AttributeName !== 'pk' || db.validateItem(item, table) != null) return null;
  return (await putAlone(store, name, { type: 'put', key: keyOf(item, table), value: item })) ? {} : null;
};

/** Looks and writes while nobody else may write the item. @returns whether there was none, so that it was put */
const putAlone = (store: Store, table: string, write: Write): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const items = store.getItemDb(table);
    items.lock([write.key], (release) => {
      const isThere = store.db.getSync(`item-${table}~${write.key}`) !== undefined;
      const done = release((error) => (error == null ? resolve(!isThere) : reject(error)));
      if (isThere) done();
      else items.batch([write], done);
    });
  });
