import type { Lane, LaneSegment } from '../../shared/ports.ts';
import { keys } from '../../shared/trail/keys.ts';
import { linesOf, type StoredSegment } from '../../shared/trail/segment.ts';
import { getAll, queryAll, tableOf, toItem } from './dynamo-table.ts';
import { type Environment, laneOf, originOf } from './environment.ts';

const farthest = 999_999_999_999;

/** The lane as it is stored, byte for byte: for what signs it and what hands it out. Strongly consistent. */
export const createLane = (environment: Environment): Lane => {
  const table = tableOf(environment);
  const lane = laneOf(environment);
  const query = async (from: number, limit: number, forward: boolean): Promise<LaneSegment[]> => {
    const { pk, sk } = keys.segment(lane, from);
    const found = await queryAll(
      table,
      {
        KeyConditionExpression: forward ? 'pk = :pk AND sk >= :sk' : 'pk = :pk AND sk <= :sk',
        ExpressionAttributeValues: toItem({ ':pk': pk, ':sk': sk }),
        ScanIndexForward: forward,
      },
      limit,
    );
    return found.map((item) => opened(item as StoredSegment));
  };
  return {
    lane,
    origin: originOf(environment),
    segments: (from, limit) => query(Math.min(from, farthest), limit, true),
    newest: async () => (await query(farthest, 1, false))[0] ?? null,
    segment: async (n) => {
      const [item] = await getAll(table, [keys.segment(lane, n)]);
      return item === undefined ? null : opened(item as StoredSegment);
    },
  };
};

const opened = (stored: StoredSegment): LaneSegment => {
  const { n, first, count, head, frontier, at } = stored;
  return { n, first, count, head, frontier, at, lines: linesOf(stored) };
};
