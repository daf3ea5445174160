import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOf, guarded } from '../../../shared/population/csv.ts';
import { cellsOf } from './read-csv.ts';

/** What a spreadsheet would take for the beginning of a formula. */
const formula = /^["'\s]*[=+\-@＝＋－＠]/u;

describe('a cell', () => {
  it.each([
    ['=HYPERLINK("http://evil.example","see")', `'=HYPERLINK("http://evil.example","see")`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\t=1', `'\\u{9}=1`],
    ['\r=1', `'\\u{d}=1`],
    ['\tquiet', `'\\u{9}quiet`],
    ['\0=1', `'\\u{0}=1`],
    ['＝1+1', `'＝1+1`],
    ['＠x', `'＠x`],
    ['"=1', `'"=1`],
    ['  =1', `'  =1`],
    ['\u200b=1', `'\\u{200b}=1`],
    ['\u00a0“=1', `'\u00a0“=1`],
    ["'=1", "''=1"],
  ])('that would begin a formula is preceded by an apostrophe: %j', (text, safe) => expect(guarded(text)).toBe(safe));

  it('that would begin one where a semicolon parts columns has the apostrophe there', () => {
    expect(guarded('a;=1+1')).toBe("a;'=1+1");
    expect(guarded('a; "@x;;-2')).toBe(`a; "'@x;;'-2`);
  });

  it.each([
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
    ['a\nb\r\nc', 'a\\u{a}b\\u{d}\\u{a}c'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['half \ud800', 'half \\u{d800}'],
    ['a\u2028b', 'a\\u{2028}b'],
  ])('has what is not to be seen written out: %j', (text, safe) => expect(guarded(text)).toBe(safe));

  it.each(['Zoë wrote this', '日本語', '😀', 'a - b', '2026-11-20T12:00:00.000Z', 'C:\\x', 'a, -b'])(
    'that means no harm is as it was: %s',
    (text) => expect(guarded(text)).toBe(text),
  );

  it('is not longer than a spreadsheet takes', () => expect(guarded('x'.repeat(100_000)).length).toBeLessThan(32_767));
});

describe('a table', () => {
  it('has a header, ends its lines with CRLF, and quotes as RFC 4180 says', () =>
    expect(
      csvOf(
        ['a', 'b'],
        [
          ['x,"y"', 2],
          [null, true],
          [['p', 'q'], ''],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""",2\r\n,yes\r\n"p; q",\r\n'));

  it('is read back cell by cell, none of them a formula, whatever texts are in it', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile)), (rows) => {
        const [header, ...read] = cellsOf(csvOf(['a', 'b'], rows));
        expect(header).toEqual(['a', 'b']);
        expect(read).toEqual(rows.map((row) => row.map(guarded)));
        for (const cell of read.flat().flatMap((text) => text.split(';').slice(0, 1)))
          expect(cell.startsWith("'") || !formula.test(cell)).toBe(true);
      }),
    ));

  it('holds nothing that begins a formula where its lines are parted at semicolons', () =>
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1 }), (cells) => {
        const [, line = ''] = csvOf(['a'], [cells]).split('\r\n');
        const parted = line.split(';').slice(1);
        expect(parted.filter((cell) => /^["\s]*[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
      }),
    ));
});

/** Texts made of what does harm, and of anything. */
const hostile = fc.oneof(
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '＝', '"', "'", ';', ',', '\t', '\r', '\n', ' ', '\0', '\u202e', 'x'),
  }),
  fc.string({ unit: 'binary' }),
);
