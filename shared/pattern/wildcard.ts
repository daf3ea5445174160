/** A wildcard pattern as its literal parts: `a*b` is `['a', 'b']`, and a leading `*` gives an empty first part. */
export type Wildcard = string[];

/**
 * Reads a wildcard pattern: `*` stands for any characters, `\*` and `\\` for themselves.
 *
 * @returns the parts, or what is wrong with the pattern
 */
export const readWildcard = (text: string): Wildcard | { wrong: string } => {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '*') {
      if (text[at + 1] === '*') return { wrong: 'two wildcards in a row ("**"); write one "*"' };
      parts.push('');
      continue;
    }
    if (character === '\\' && !'*\\'.includes(text[(at += 1)] ?? ' '))
      return { wrong: 'a backslash must stand before "*" or another backslash' };
    parts.push(`${parts.pop()}${text[at]}`);
  }
  return parts;
};

/** Whether the text is made as the pattern says. Each part is looked for once, from left to right: no backtracking. */
export const matchesWildcard = (parts: Wildcard, text: string): boolean => {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
};
