/** A reader of RFC 4180 that is not ours to trust: one character after another. */
export const cellsOf = (csv: string): string[][] => {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < csv.length; at += 1) {
    const char = csv[at] ?? '';
    if (quoted && char === '"' && csv[at + 1] === '"') cell += csv[(at += 1)];
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',') [row, cell] = [[...row, cell], ''];
    else if (!quoted && char === '\r' && csv[at + 1] === '\n') {
      rows.push([...row, cell]);
      [row, cell, at] = [[], '', at + 1];
    } else cell += char;
  }
  if (row.length > 0 || cell !== '' || quoted) throw new Error('the last line is not ended');
  return rows;
};

/** The rows by the names of their columns. */
export const rowsOf = (csv: string): { [column: string]: string }[] => {
  const [header = [], ...rows] = cellsOf(csv);
  return rows.map((row) => {
    if (row.length !== header.length) throw new Error('a row is not as long as the header');
    return Object.fromEntries(row.map((cell, at) => [header[at] ?? '', cell]));
  });
};
