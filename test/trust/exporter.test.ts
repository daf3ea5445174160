import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiFrom } from '../../cli/api.ts';
import { exportPack } from '../../cli/export/export.ts';
import { packWriter } from '../../cli/export/writer.ts';
import { laneOf } from '../../functions/support/environment.ts';
import { keys } from '../../shared/trail/keys.ts';
import { leafHash } from '../../shared/trail/merkle.ts';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { startWorld, type World } from './world.ts';

const commit = 'abcdef1234567890abcdef1234567890abcdef12';

describe('whoever hands a pack over', () => {
  let tables: TrailTables;
  let world: World;

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    world = await startWorld(tables);
    await world.record('a', 'b', 'c');
    for (const name of ['x', 'y'])
      await world.recordDraft(`test#${name}`, { reason: name, change: { repository: 'shop', commit } });
  });
  afterEach(() => world.close());

  /** The pack, as it is with these of its lines; the file of leaves is made to go with them. */
  const withLines = (name: string, change: (lines: string[]) => string[]): void => {
    cpSync(world.at('pack'), world.at(name), { recursive: true });
    const lines = change(world.read('pack', 'entries.jsonl').trimEnd().split('\n'));
    writeFileSync(world.at(name, 'entries.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const leaves = lines.map((line) => {
      const seq = Number(/"seq":(\d+),/.exec(line)?.[1]);
      return seq.toString(16).padStart(16, '0') + leafHash(line);
    });
    writeFileSync(world.at(name, 'leaves'), Buffer.from(leaves.join(''), 'hex'));
  };

  it.each([
    ['everything', []],
    ['a period', ['--since', '1d']],
  ])(
    'alters an entry, leaves one out or adds one in a pack of a period or more: verify refuses the pack: %s',
    async (_, asked) => {
      await world.export('pack', ...asked);
      expect(await world.verify('pack')).toMatchObject({ code: 0, out: expect.stringContaining('complete: yes') });
      withLines('altered', (lines) => lines.map((line) => line.replace('"reason":"b"', '"reason":"B"')));
      withLines('shorter', (lines) => lines.toSpliced(1, 1));
      withLines('longer', (lines) => lines.toSpliced(1, 0, lines[1] ?? ''));
      for (const name of ['altered', 'shorter', 'longer'])
        expect(await world.verify(name)).toMatchObject({ code: 2, out: expect.stringContaining('genuine: no') });
    },
  );

  it('leaves an entry out of a pack of one change: the pack says of itself that this cannot be seen', async () => {
    await world.index();
    const { pk, sk } = keys.row(laneOf(world.environment), `change:${commit}`, String(4).padStart(12, '0'));
    await world.table.remove({ pk, sk });
    await world.export('pack', '--change', commit);
    expect(world.read('pack', 'entries.jsonl')).not.toContain('"reason":"y"');
    expect(await world.verify('pack')).toMatchObject({
      code: 0,
      out: expect.stringContaining('genuine: yes; complete: not provable, export the period'),
    });
    await world.export('period', '--since', '1d');
    expect(world.read('period', 'entries.jsonl')).toContain('"reason":"y"');
  });

  it('asks for less than was wanted: verify says what was asked for, and from when to when the entries are', async () => {
    await world.export('pack', '--until', '2026-11-21T04:00:03Z');
    const { code, out } = await world.verify('pack');
    expect(code).toBe(0);
    expect(out).toMatch(/asked +since 1970-01-01T00:00:00.000Z, until 2026-11-21T04:00:03.000Z\n/);
    expect(out).toMatch(/recorded +2026-11-21T04:00:01\.\d+Z to /);
  });

  it('gives an old pack for a new one: verify says when its last entry was recorded, and a newer checkpoint that was kept refuses it', async () => {
    await world.export('old');
    await world.record('d');
    await world.export('new');
    expect((await world.verify('old')).out).toMatch(/recorded +\S+ to 2026-11-21T04:00:0\d/);
    expect(await world.verify('old', '--checkpoint', world.at('new', 'checkpoint'))).toMatchObject({ code: 2 });
  });

  it('alters a table of the pack, or its page, after it was written: verify refuses the pack', async () => {
    await world.export('pack');
    for (const file of ['changes.csv', 'exceptions.csv', 'verify.html']) {
      cpSync(world.at('pack'), world.at(`${file}.pack`), { recursive: true });
      writeFileSync(world.at(`${file}.pack`, file), `${world.read('pack', file)} `);
      expect(await world.verify(`${file}.pack`)).toMatchObject({ code: 2 });
    }
  });

  it('writes false tables with a program of his own: verify cannot tell, but another export of the same entries differs', async () => {
    const { pack, key } = await exportedByAnotherProgram('lies,in,csv\r\n');
    expect(await world.run('verify', pack, '--key', key)).toMatchObject({ code: 0 });
    await world.export('again');
    expect(world.read('again', 'changes.csv')).not.toBe(readFileSync(`${pack}/changes.csv`, 'utf8'));
  });

  const exportedByAnotherProgram = async (changes: string) => {
    await world.export('first');
    const pack = packWriter(world.at('by-another'));
    await exportPack(
      {
        api: apiFrom({ ESCALATOR_URL: world.url }),
        asked: { everything: true },
        by: 'eve',
        now: new Date(world.clock.ms),
        kept: null,
        pause: async () => void (await world.seal()),
        remark: () => {},
      },
      { ...pack, file: (path, body) => pack.file(path, path === 'changes.csv' ? changes : body) },
    );
    pack.done();
    return { pack: world.at('by-another'), key: world.at('escalator.key') };
  };

  it('leaves out a detail that was too large for its record: verify says that it is missing', async () => {
    const body = Buffer.from('{"large":"detail"}');
    const sha256 = createHash('sha256').update(body).digest('hex');
    world.details.set(sha256, body);
    await world.recordDraft('test#large', { detail: { oversized: { sha256, bytes: body.length, redactions: 0 } } });
    await world.export('pack');
    expect(await world.verify('pack')).toMatchObject({ code: 0 });
    expect(existsSync(world.at('pack', 'details', sha256))).toBe(true);
    world.details.set(sha256, Buffer.from('{"large":"lie"}'));
    for (const [name, spoil] of Object.entries({
      altered: () => world.details.set(sha256, Buffer.from('{"large":"lie"}')),
      gone: () => world.details.delete(sha256),
    })) {
      spoil();
      expect(await world.export(name)).toMatchObject({ err: expect.stringContaining('is left out') });
      expect(await world.verify(name)).toMatchObject({
        code: 3,
        out: expect.stringContaining(`details/${sha256}, which an entry names, is missing`),
      });
    }
  });

  it('takes evidence away: that is on record itself, with the name that was given, and is the last entry of the pack', async () => {
    await world.export('pack');
    const last = JSON.parse(world.read('pack', 'entries.jsonl').trimEnd().split('\n').at(-1) ?? '') as object;
    expect(last).toMatchObject({ kind: 'trail.exported', actor: { name: 'ada', verified: false } });
    expect((await world.entries()).filter(({ kind }) => kind === 'trail.exported')).toHaveLength(1);
  });

  it('puts the key into the pack: a key found there proves nothing, whoever signed', async () => {
    await world.export('pack');
    cpSync(world.at('escalator.key'), world.at('pack', 'escalator.key'));
    expect(await world.run('verify', world.at('pack'), '--key', world.at('pack', 'escalator.key'))).toMatchObject({
      code: 4,
      out: expect.stringContaining('self-consistent only'),
    });
    rmSync(world.at('pack', 'escalator.key'));
    expect(await world.verify('pack')).toMatchObject({ code: 0 });
  });
});
