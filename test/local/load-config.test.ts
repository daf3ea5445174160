import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../local/load-config.ts';
import { EscalatorError } from '../../shared/errors.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/config/${name}`, import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'escalator-config-'));
afterAll(() => rmSync(dir, { recursive: true }));

const refusal = (file: string): EscalatorError => {
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof EscalatorError) return error;
    throw error;
  }
  throw new Error(`${file} was taken`);
};

describe('loading the configuration', () => {
  it('gives it when there is no mistake', () => {
    expect(loadConfig(fixture('good.yaml')).services.map(({ ladder }) => ladder)).toEqual(['production/shop']);
  });

  it('refuses it with all five mistakes, each on a line with file:line:column', () => {
    const file = fixture('five.yaml');
    const { code, message } = refusal(file);
    expect(code).toBe('ESC-005');
    for (const place of ['10:46', '13:66', '14:9', '15:49', '18:51'])
      expect(message.split('\n').filter((line) => line.includes(`${file}:${place}  `))).toHaveLength(1);
  });

  it('says why a file cannot be read', () => {
    expect(refusal(join(dir, 'none.yaml'))).toMatchObject({
      code: 'ESC-006',
      message: expect.stringContaining('ENOENT'),
    });
    expect(refusal(dir)).toMatchObject({ code: 'ESC-006', message: expect.stringContaining('EISDIR') });
    const binary = join(dir, 'binary.yaml');
    writeFileSync(binary, Buffer.from([0x76, 0xff, 0xfe]));
    expect(refusal(binary)).toMatchObject({ code: 'ESC-006', message: expect.stringContaining('not UTF-8') });
  });
});
