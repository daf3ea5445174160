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
export const wildcardTest = (parts: Wildcard): ((text: string) => boolean) => {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  const finders = rest.map(finderOf);
  return (text) => {
    if (!text.startsWith(first)) return false;
    let from = first.length;
    for (const find of finders) {
      from = find(text, from);
      if (from < 0) return false;
    }
    return text.length - last.length >= from && text.endsWith(last);
  };
};

/** Where the first `part` at or behind a place ends; less than 0 where there is none. */
type Find = (text: string, from: number) => number;

/** The engine's own search may look at every character of a text once for each of a part: enough for short ones. */
const longestPlain = 32;

const finderOf = (part: string): Find => (part.length > longestPlain ? longFinderOf(part) : plainFinderOf(part));

const plainFinderOf =
  (part: string): Find =>
  (text, from) => {
    const found = text.indexOf(part, from);
    return found < 0 ? found : found + part.length;
  };

/** Knuth, Morris and Pratt: after a mismatch it goes on with the longest beginning of the part that stands there. */
const longFinderOf = (part: string): Find => {
  const borders = bordersOf(part);
  return (text, from) => {
    let matched = 0;
    for (let at = from; at < text.length; at += 1) {
      while (matched > 0 && part[matched] !== text[at]) matched = borders[matched - 1] ?? 0;
      if (part[matched] === text[at]) matched += 1;
      if (matched === part.length) return at + 1;
    }
    return -1;
  };
};

/** For each length of the part's beginning, how much of the beginning also ends it. */
const bordersOf = (part: string): number[] => {
  const borders = [0];
  let length = 0;
  for (let at = 1; at < part.length; at += 1) {
    while (length > 0 && part[length] !== part[at]) length = borders[length - 1] ?? 0;
    if (part[length] === part[at]) length += 1;
    borders.push(length);
  }
  return borders;
};
