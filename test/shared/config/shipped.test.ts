import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../local/load-config.ts';
import { readShipped, shippedText } from '../../../shared/config/shipped.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('escalator.yaml') || file.endsWith('.escalator.yaml'))
  .map((file) => `${root}examples/${file}`);

describe('the configuration as functions are given it', () => {
  it.each([...examples, `${root}test/fixtures/config/good.yaml`])('says all that %s does', (file) => {
    const config = loadConfig(file);
    expect(readShipped(shippedText(config), 'f')).toEqual(config);
  });

  it('is refused where it is something else', () => {
    for (const text of ['', 'null', '[]', '{}', '{"shipped":2,"config":{}}', '{"shipped":1}', 'version: 1'])
      expect(() => readShipped(text, '/var/task/escalator.json')).toThrow(/escalator\.json is no configuration/);
  });
});
