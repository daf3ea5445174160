import { describe, expect, it } from 'vitest';
import { createLadders, ladderReader, type Ladders } from '../../../functions/support/ladders.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import { noReadings, type Readings } from '../../../shared/ladder/input.ts';
import type { LadderState } from '../../../shared/ladder/state.ts';
import type { Row, Rows, Trail } from '../../../shared/ports.ts';
import { shop } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };
const config = shop();
const at = (version: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, version)).toISOString();

/** Decides what is read of the smoke check, by a process that has these ladders; false where another was first. */
const read = async (
  ladders: Ladders,
  value: 'pass' | 'unknown',
  now: string,
  state?: LadderState,
): Promise<boolean> => {
  const before = state ?? (await ladders.load(config.ladder));
  const alarms: Readings['alarms'] = {
    'shop-node': { value: 'pass', at: at(0), reason: '' },
    'shop-smoke': { value, at: now, reason: '' },
  };
  const readings = { ...noReadings, alarms };
  const decision = decide(before, { type: 'read' }, readings, now, config);
  return ladders.record(config, before, { input: { type: 'read' }, readings, now, config: 'd' }, decision);
};

/** A ladder whose smoke check goes to and fro, so that each reading is a version. */
const ladderOf = async (versions: number) => {
  const rows = new Map<string, Row>();
  const trail = memoryTrail();
  const ladders = createLadders(trail, memoryRows(rows), source);
  for (let version = 1; version <= versions; version += 1)
    await read(ladders, version === 1 || version % 2 === 0 ? 'pass' : 'unknown', at(version));
  return { rows, trail, state: await ladders.load(config.ladder) };
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

/** Rows that count how often they are asked. */
const asked = (rows: Map<string, Row>) => {
  const kept = memoryRows(rows);
  const counting = {
    ...kept,
    asked: 0,
    newest: (...question: Parameters<Rows['newest']>) => {
      counting.asked += 1;
      return kept.newest(...question);
    },
  };
  return counting;
};

describe('what a process made of a ladder last', () => {
  it('is kept in mind: its snapshot is asked for once, and what stands on record is looked up each time', async () => {
    const { rows, trail, state } = await ladderOf(5);
    const counting = asked(rows);
    const ladders = createLadders(trail, counting, source);
    for (let time = 0; time < 3; time += 1) expect(await ladders.load(config.ladder)).toEqual(state);
    expect(await read(ladders, 'unknown', at(10))).toBe(true);
    expect(await ladders.load(config.ladder)).toEqual(await loaded(trail, new Map()));
    expect(counting.asked).toBe(1);
  });

  it('is gone on from where another process recorded versions meanwhile', async () => {
    const { rows, trail } = await ladderOf(5);
    const [mine, other] = [createLadders(trail, asked(rows), source), createLadders(trail, asked(rows), source)];
    await mine.load(config.ladder);
    expect(await read(other, 'unknown', at(10))).toBe(true);
    expect(await read(other, 'pass', at(11))).toBe(true);
    const state = await mine.load(config.ladder);
    expect(state).toEqual(await loaded(trail, new Map()));
    expect(state.checks['smoke']?.since).toBe(at(11));
  });

  it('is never a version that another process was first with', async () => {
    const { rows, trail, state } = await ladderOf(5);
    const [mine, other] = [createLadders(trail, asked(rows), source), createLadders(trail, asked(rows), source)];
    expect(await mine.load(config.ladder)).toEqual(state);
    expect(await read(other, 'unknown', at(10))).toBe(true);
    expect(await read(mine, 'unknown', at(11), state)).toBe(false);
    expect(await mine.load(config.ladder)).toEqual(await other.load(config.ladder));
  });

  it('may be of very many ladders: of those that were not asked about for long the snapshot is asked for again', async () => {
    const { rows, trail } = await ladderOf(1);
    const counting = asked(rows);
    const ladders = createLadders(trail, counting, source);
    await ladders.load(config.ladder);
    for (let other = 0; other < 999; other += 1) await ladders.load(`production/other-${other}`);
    await ladders.load(config.ladder);
    expect(counting.asked).toBe(1_000);
    await ladders.load('production/one-more');
    await ladders.load(config.ladder);
    await ladders.load('production/other-1');
    expect(counting.asked).toBe(1_001);
    await ladders.load('production/other-0');
    expect(counting.asked).toBe(1_002);
  });
});
