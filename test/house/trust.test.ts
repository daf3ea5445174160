import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const page = fileURLToPath(new URL('../../docs/reference/trust.md', import.meta.url));
const text = readFileSync(page, 'utf8');

/** The rows of its tables, without headings. */
const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:He|---) \|/.test(line));

const linksIn = (line: string): { title: string; file: string }[] =>
  [...line.matchAll(/\[([^\]]+)\]\(([^)\s]+\.test\.ts)\)/g)].map(([, title = '', file = '']) => ({ title, file }));

/** Whether a file has a test of this title; one that is tried on several things goes on with which. */
const hasTest = (file: string, title: string): boolean => {
  const path = join(dirname(page), file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return [`'${title}'`, `'${title}: %s'`].some((quoted) => source.includes(quoted));
};

describe('docs/reference/trust.md claims nothing that is not tried', () => {
  it('and has claims', () => expect(rows.length).toBeGreaterThan(40));

  it.each(rows)('a row names a test, or says that it is not provable here: %s', (row) => {
    const [links, plain] = [linksIn(row), row.includes('not provable here')];
    expect(links.length > 0).not.toBe(plain);
    expect(row.split(' | ')).toHaveLength(4);
  });

  it.each(linksIn(text))('$file has the test "$title"', ({ title, file }) => {
    expect(hasTest(file, title)).toBe(true);
  });

  it('every test of test/trust stands on the page', () => {
    const files = ['archive', 'exporter', 'key', 'source', 'table'].map((name) => `../../test/trust/${name}.test.ts`);
    const known = linksIn(text).map(({ title }) => title);
    const titles = files.flatMap((file) =>
      [
        ...readFileSync(join(dirname(page), file), 'utf8').matchAll(
          /^\s+(?:it\(|)'([^'\n]+?)(?:: %s)?',(?: async)?.*$/gm,
        ),
      ]
        .map(([, title = '']) => title)
        .filter((title) => title.includes(': ')),
    );
    expect(titles.length).toBeGreaterThan(40);
    expect(titles.filter((title) => !known.includes(title))).toEqual([]);
  });
});
