import { hash } from 'node:crypto';
import { type Attributes, db, type Table } from './dynalite.ts';

/**
 * Batches and puts of segments as this product sends them: texts, lists of texts, bytes, whole numbers and yes or no under
 * each name, nothing else asked for. Of these dynalite's validation finds nothing wrong and changes nothing, which costs it
 * more than to carry them out. Whatever is not plainly so is not told here: it goes through that validation.
 */
type Named = { [name: string]: unknown };

const writesAtMost = 25;
const readsAtMost = 100;

/** @param length of the request's text: what is in one so short is no item that is too large */
export const isPlainWrite = (request: Named, length: number): boolean =>
  length <= longest && isByTable(request, (writes) => isList(writes, writesAtMost) && writes.every(isWrite));

export const isPlainRead = (request: Named): boolean => isByTable(request, isRead);

/** An item that is put where there is none. What that has to do with `pk` is the table's to say. */
export const isPlainPut = (request: Named, length: number): boolean =>
  length <= longest &&
  Object.keys(request).toSorted().join() === 'ConditionExpression,Item,TableName' &&
  typeof request['TableName'] === 'string' &&
  request['ConditionExpression'] === ifNothingIsThere &&
  areAttributes(request['Item']);

/** As segments are put (functions/support/dynamo-trail.ts). */
export const ifNothingIsThere = 'attribute_not_exists(pk)';

/** DynamoDB takes items of 400 KB; a character has three bytes at most, or two have four. */
const longest = 130_000;

/** Of one table only, and with nothing beside it. */
const isByTable = (request: Named, isPlain: (ofTable: unknown) => boolean): boolean =>
  hasOnly(request, 'RequestItems') && hasOne(request['RequestItems'], isPlain);

const isRead = (read: unknown): boolean =>
  isObject(read) &&
  Object.keys(read).every((name) => name === 'Keys' || name === 'ConsistentRead') &&
  isList(read['Keys'], readsAtMost) &&
  read['Keys'].every(areAttributes) &&
  ['boolean', 'undefined'].includes(typeof read['ConsistentRead']);

const isWrite = (write: unknown): boolean =>
  isObject(write) && hasOnly(write, 'PutRequest') && isObject(write['PutRequest']) && isPut(write['PutRequest']);
const isPut = (put: Named): boolean => hasOnly(put, 'Item') && areAttributes(put['Item']);

const areAttributes = (item: unknown): boolean => {
  if (!isObject(item)) return false;
  for (const name of Object.keys(item)) if (name === '__proto__' || !isValue(item[name])) return false;
  return true;
};

/** Written as dynalite would write it: a number goes through a decimal there. */
const wholeNumber = /^(?:0|[1-9]\d{0,14})$/;
const isValue = (value: unknown): boolean => {
  if (!isObject(value)) return false;
  const [type, another] = Object.keys(value);
  if (type === undefined || another !== undefined) return false;
  const held = value[type];
  if (type === 'S') return typeof held === 'string';
  if (type === 'B') return typeof held === 'string' && isBase64(held);
  if (type === 'L') return Array.isArray(held) && held.every(isText);
  if (type === 'N') return typeof held === 'string' && wholeNumber.test(held);
  return type === 'BOOL' && typeof held === 'boolean';
};

const isText = (value: unknown): boolean => isObject(value) && hasOnly(value, 'S') && typeof value['S'] === 'string';

/** RFC 4648 section 4, with padding: as dynalite asks for it. */
const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

const isObject = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown, atMost: number): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.length <= atMost;
const hasOnly = (value: Named, name: string): boolean => Object.keys(value).join() === name;
const hasOne = (value: unknown, isPlain: (member: unknown) => boolean): boolean =>
  isObject(value) && Object.keys(value).length === 1 && Object.values(value).every(isPlain);

/** Where an item stands in LevelDB: `createKey` of dynalite's db/index.js, without the object that it hashes texts with. */
export const keyOf = (item: Attributes, table: Table): string => {
  const [partition, sort] = table.KeySchema.map(({ AttributeName }) => (item[AttributeName] as { S?: string }).S);
  if (partition === undefined || sort === undefined) return db.createKey(item, table);
  const [prefix, pk, sk] = [hash('md5', `Outliers${partition}`, 'hex').slice(0, 6), hexOf(partition), hexOf(sort)];
  return `${prefix}/${pk}/${sk}/`;
};

const hexOf = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
