import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../shared/config/duration.ts';
import { parseConfig } from '../../../shared/config/parse.ts';

const reference = readFileSync(new URL('../../../docs/reference/configuration.md', import.meta.url), 'utf8');
const [example = ''] = /(?<=```yaml\n)[^`]*/.exec(reference) ?? [];

/** The defaults of a table's rows, by name, as the reference writes them. */
const defaultsIn = (heading: string): { [name: string]: string } => {
  const section = reference.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| (?:`([^`]+)`)?/gm)];
  return Object.fromEntries(rows.map(([, name, written = '']) => [name, written]));
};

const asWritten = (value: string): unknown => {
  if (value.startsWith('{'))
    return Object.fromEntries(
      [...value.matchAll(/([a-z-]+): (\w+)/g)].map(([, name, inner]) => [camel(name ?? ''), asWritten(inner ?? '')]),
    );
  return parseDuration(value) ?? (/^\d+$/.test(value) ? Number(value) : value);
};
const camel = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe('the reference of the configuration', () => {
  it('begins with an example without a mistake', () => {
    expect(parseConfig(example, 'configuration.md')).toHaveProperty('config');
  });

  it('names every option of a service and a level, and the defaults that are true', () => {
    const bare = example.replaceAll(/, quiescence: \w+, mode: act/g, '');
    const read = parseConfig(bare, 'configuration.md');
    const [service] = 'config' in read ? read.config.services : [];
    const {
      environment: _e,
      service: _s,
      ladder: _l,
      above: _a,
      revoked: _r,
      levels,
      ...options
    } = service ?? { levels: [] };
    const documented = defaultsIn('A service');
    const known = [...Object.keys(options), 'ladder', 'stacks', 'runbook']; // a service that names no stacks has none
    expect(Object.keys(documented).map(camel).toSorted()).toEqual(known.toSorted());
    for (const [name, written] of Object.entries(documented))
      if (written !== '') expect([name, asWritten(written)]).toEqual([name, Reflect.get(options, camel(name))]);
    const level = defaultsIn('A level');
    expect(Object.keys(level).toSorted()).toEqual(Object.keys(levels[0] ?? {}).toSorted());
    expect([level['quiescence'], level['mode']].map((one) => asWritten(one ?? ''))).toEqual([
      levels[0]?.quiescence,
      levels[0]?.mode,
    ]);
  });
});
