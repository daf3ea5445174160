import type { Body, Fault } from './between.ts';

/** Write and read units, and items read, by what was written or read: `segment`, `marker`, `row`, `cursor`, `timer`. */
export type Capacity = { [what in 'written' | 'read' | 'items' | 'requests']: Map<string, number> };

const nouns: { [prefix: string]: string } = {
  LANE: 'segment',
  FACT: 'marker',
  ASK: 'row',
  CURSOR: 'cursor',
  TIMER: 'timer',
};

/** Counts what DynamoDB says a request consumed (ReturnConsumedCapacity), by the kind of item that it was about. */
export const countCapacity = (): { fault: Fault; capacity: Capacity } => {
  const capacity: Capacity = { written: new Map(), read: new Map(), items: new Map(), requests: new Map() };
  const fault: Fault = (operation, asked) => {
    const writes = ['PutItem', 'UpdateItem', 'BatchWriteItem', 'DeleteItem'].includes(operation);
    const what = nouns[partitionOf(asked).split('#')[0] ?? ''] ?? 'other';
    add(capacity.requests, `${operation} ${what}`, 1);
    return {
      pass: { ...asked, ReturnConsumedCapacity: 'TOTAL' },
      reply: ({ ConsumedCapacity, ...answer }) => {
        add(writes ? capacity.written : capacity.read, what, unitsIn(ConsumedCapacity));
        if (!writes) add(capacity.items, what, itemsIn(answer));
        return answer;
      },
    };
  };
  return { fault, capacity };
};

const add = (counts: Map<string, number>, what: string, count: number): void =>
  void counts.set(what, (counts.get(what) ?? 0) + count);

/** One table's, or those of a batch. */
const unitsIn = (consumed: unknown): number => {
  const units = (Array.isArray(consumed) ? consumed : [consumed]) as ({ CapacityUnits?: number } | undefined)[];
  return units.reduce((sum, one) => sum + (one?.CapacityUnits ?? 0), 0);
};

/** What was looked at, also where it was not given out; of a batch, what was found. */
const itemsIn = ({ ScannedCount, Responses }: Body): number =>
  typeof ScannedCount === 'number' ? ScannedCount : Object.values(Responses ?? {}).flat().length;

/** The first partition key in a request. A batch is about one kind of item. */
const partitionOf = (asked: Body): string => /"(?:pk|:pk)":\{"S":"([^"]*)"/.exec(JSON.stringify(asked))?.[1] ?? '';

export const total = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0);
