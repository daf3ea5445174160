/** A cell: a text, a number, or several texts; null where there is nothing. */
export type Cell = string | number | boolean | null | readonly string[];

/** Spreadsheets take 32,767 characters in a cell. */
const mostText = 30_000;

/**
 * RFC 4180 with a header row: UTF-8 without a byte order mark, CRLF, every row as long as the header.
 *
 * Cells are written by people who may mean harm, and are opened in spreadsheets (OWASP, "CSV Injection"): what would
 * begin a formula is preceded by `'`, what is not to be seen is written out, and no cell holds a line break.
 */
export const csvOf = (header: readonly string[], rows: Iterable<readonly Cell[]>): string => {
  const lines = [header.map(cellOf).join(',')];
  for (const row of rows) lines.push(row.map(cellOf).join(','));
  return `${lines.join('\r\n')}\r\n`;
};

const cellOf = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return quoted(guarded(typeof cell === 'string' ? cell : cell.join('; ')));
};

const quoted = (text: string): string => (/[",;'\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What begins a formula, also full-width and small, also behind blanks, quotes and what is not to be seen. */
const startsFormula = /^[\s\p{Cc}\p{Cf}\p{Z}"'`´‘’“”„«»]*[=+\-@＝＋－＠﹦﹢﹣﹫]/u;
const startsUnseen = /^[\t\r\n\0]/;

/** Where `;` parts columns, as in much of Europe, a cell begins behind each one, whatever was quoted. */
const behindSemicolon = /(;[\s\p{Cf}\p{Z}"'`´‘’“”„«»]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫])/gu;

/** Controls, marks that turn the direction of writing, what has no width, line separators, halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Makes a text safe to open in a spreadsheet. What is written out is to be seen; the entry has what was said. */
export const guarded = (text: string): string => {
  const whole = text.length > mostText ? `${text.slice(0, mostText)}...` : text;
  const seen = whole.replace(unseen, writtenOut).replace(behindSemicolon, "$1'");
  return startsFormula.test(whole) || startsUnseen.test(whole) ? `'${seen}` : seen;
};

const writtenOut = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
