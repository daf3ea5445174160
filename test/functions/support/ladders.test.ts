import { describe, expect, it } from 'vitest';
import { createLadders, ladderReader } from '../../../functions/support/ladders.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { noReadings, type Readings } from '../../../shared/ladder/input.ts';
import type { LadderState } from '../../../shared/ladder/state.ts';
import type { Row, Trail } from '../../../shared/ports.ts';
import { shop } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
const config = shop();
const at = (version: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, version)).toISOString();

/** A ladder whose smoke check goes to and fro, so that each reading is a version. */
const ladderOf = async (versions: number) => {
  const rows = new Map<string, Row>();
  const trail = memoryTrail();
  const ladders = createLadders(trail, memoryRows(rows), source);
  let state = await ladders.load(config.ladder);
  for (let version = 1; version <= versions; version += 1) {
    const now = at(version);
    const value = version % 2 === 0 ? 'pass' : 'unknown';
    const alarms: Readings['alarms'] = {
      'shop-node': { value: 'pass', at: at(0), reason: '' },
      'shop-smoke': { value: version === 1 ? 'pass' : value, at: now, reason: '' },
    };
    const readings = { ...noReadings, alarms };
    const decision = decide(state, { type: 'read' }, readings, now, config);
    await ladders.record(config, state, { input: { type: 'read' }, readings, now, config: 'd' }, decision);
    state = await ladders.load(config.ladder);
  }
  return { rows, trail, state };
};

const asOf = (rows: Map<string, Row>, change: (body: Row['body']) => Row['body']): void => {
  for (const [key, row] of rows) rows.set(key, { ...row, body: change(row.body) });
};

/** The same lane, counting what is read of it. */
const counted = (trail: Trail): Trail & { reads: number } => {
  const counting = {
    ...trail,
    reads: 0,
    read: (place: Parameters<Trail['read']>[0]) => {
      counting.reads += 1;
      return trail.read(place);
    },
  };
  return counting;
};

const loaded = (trail: Trail, rows: Map<string, Row>): Promise<LadderState> =>
  createLadders(trail, memoryRows(rows), source).load(config.ladder);

describe('a snapshot of a ladder', () => {
  it('saves reading the versions that it stands for', async () => {
    const { rows, trail, state } = await ladderOf(30);
    const counting = counted(trail);
    expect(await loaded(counting, rows)).toEqual(state);
    expect(counting.reads).toBe(0);
  });

  it('is a cache: without it the versions say the same', async () => {
    const { trail, state } = await ladderOf(30);
    expect(await loaded(trail, new Map())).toEqual(state);
  });

  it.each<[string, (body: Row['body']) => Row['body']]>([
    ['that deciders left which did not name their form', ({ form: _form, ...body }) => ({ ...body, checks: {} })],
    ['that deciders of another form left', (body) => ({ ...body, form: '1 version', checks: {} })],
  ])('%s is not believed', async (_, change) => {
    const { rows, trail, state } = await ladderOf(30);
    asOf(rows, change);
    expect(await ladderReader(trail, memoryRows(rows))(config.ladder)).toEqual(state);
    expect(await loaded(trail, rows)).toEqual(state);
    const counting = counted(trail);
    expect(await loaded(counting, rows)).toEqual(state);
    expect(counting.reads).toBe(0);
  });

  it('is left on the way where very much has to be read, so that a load that is cut off was not in vain', async () => {
    const { trail, state } = await ladderOf(1_200);
    const rows = new Map<string, Row>();
    let left = 700;
    const cutOff: Trail = {
      ...trail,
      read: (place) => ((left -= 1) < 0 ? Promise.reject(new Error('cut off')) : trail.read(place)),
    };
    await expect(loaded(cutOff, rows)).rejects.toThrow('cut off');
    const counting = counted(trail);
    expect(await loaded(counting, rows)).toEqual(state);
    expect(counting.reads).toBe(state.version - 500);
  });
});
