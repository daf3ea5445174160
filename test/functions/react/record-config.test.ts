import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordConfig } from '../../../functions/react/record-config.ts';
import { configTexts } from '../../../shared/config/on-record.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const clock = () => new Date('2026-11-21T12:00:00.000Z');

describe('the configuration that decides', () => {
  it('stands on the trail with its whole text, once for each digest, however often it is loaded', async () => {
    const trail = memoryTrail(clock);
    const text = readFileSync('examples/shop/escalator.yaml', 'utf8');
    const load = recordConfig({ trail, source }, { digest: 'one', text });
    await load();
    await load();
    await recordConfig({ trail, source }, { digest: 'one', text })();
    await recordConfig({ trail, source }, { digest: 'two', text: 'version: 1' })();
    expect(trail.entries.map(({ kind }) => kind)).toEqual(['configuration.loaded', 'configuration.loaded']);
    expect([...configTexts(trail.entries)]).toEqual([
      ['one', text],
      ['two', 'version: 1'],
    ]);
  });

  it('is put there once by a process: after that every wake-up finds it done', async () => {
    const trail = memoryTrail(clock);
    let asked = 0;
    const append: typeof trail.append = (groups) => ((asked += 1), trail.append(groups));
    const load = recordConfig({ trail: { append }, source }, { digest: 'one', text: 'x' });
    await load();
    await load();
    expect(asked).toBe(1);
  });

  it('is tried again where it could not be put on record', async () => {
    const trail = memoryTrail(clock);
    let answers = false;
    const append: typeof trail.append = (groups) =>
      answers ? trail.append(groups) : Promise.reject(new Error('no answer'));
    const load = recordConfig({ trail: { append }, source }, { digest: 'one', text: 'x' });
    await expect(load()).rejects.toThrow('no answer');
    answers = true;
    await load();
    expect(trail.entries).toHaveLength(1);
  });

  it('is read back whole also where it is long, and holds no secret', async () => {
    const trail = memoryTrail(clock);
    const secret = `AKIA${'Q7RT2MZ5XK9WDYP3'}`;
    const text = `# ${secret}\n${'# ü 𝄞 "quoted"\n'.repeat(15_000)}`;
    await recordConfig({ trail, source }, { digest: 'long', text })();
    expect(trail.entries.length).toBeGreaterThan(5);
    for (const entry of trail.entries) expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThan(60 * 1024);
    const read = configTexts(trail.entries).get('long') ?? '';
    expect(read).not.toContain(secret);
    expect(read.slice(read.indexOf('\n'))).toBe(text.slice(text.indexOf('\n')));
  });
});
