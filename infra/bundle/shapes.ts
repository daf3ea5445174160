/** What the sources of the functions say: the classes they import from the SDK, and every word in them. */
export type Known = { classes: ReadonlySet<string>; words: ReadonlySet<string> };

/**
 * `{ [_xN]: 'a' }` becomes `{ "xmlName": 'a' }`: the key is a constant of the same file. A constant that is used only
 * once is written where it is used, which is shorter.
 */
export const withPlainKeys = (source: string): string => {
  const constants = constantsIn(source);
  const plain = source.replaceAll(/\[(_\w+)\]:/g, (key, name: string) => {
    const text = constants.get(name);
    return text === undefined ? key : `${text}:`;
  });
  const uses = Map.groupBy(plain.matchAll(used), ([name]) => name);
  return plain.replaceAll(used, (name) => (uses.get(name)?.length === 1 ? (constants.get(name) ?? name) : name));
};

/** The texts of a service's file by the names it gives them, in quotes. */
const constantsIn = (source: string): Map<string, string> =>
  new Map([...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = '', text = '']) => [name, text]));

/** A constant, but where it is defined. */
const used = /(?<!const )\b_\w+\b/g;

/**
 * Leaves out errors that are not known, with their shapes. In the query protocol an error has another name on the wire
 * (`awsQueryError`), and only its shape says which.
 */
export const withKnownErrors = (source: string, { classes, words }: Known): string => {
  const shapes = new Map([...source.matchAll(errorShape)].map(([shape, name = '']) => [name, shape]));
  const isRenamed = (name: string): boolean => shapes.get(name)?.includes('[_aQE]') === true;
  const isKept = (name: string): boolean => classes.has(name) || (words.has(name) && isRenamed(name));
  return source
    .replaceAll(/^n0_registry\.registerError\((\w+)\$, \w+\);\n/gm, (line, name: string) => (isKept(name) ? line : ''))
    .replaceAll(errorShape, (shape, name: string) => (isKept(name) ? shape : ''));
};

const errorShape = /^export var (\w+)\$ = \[-3, n0,[^;]*\];\n/gm;

/**
 * Leaves out members of answers whose name is no word of our sources, and with them all shapes that only they have. What
 * can be part of a request stays whole: somebody may pass on what was answered, as it is.
 */
export const withKnownMembers = (source: string, { words }: Known): string => {
  const constants = constantsIn(source);
  const sent = sentShapes(source, words);
  const isKnown = (name: string): boolean => words.has((constants.get(name) ?? name).replaceAll('"', ''));
  return source.replaceAll(
    structure,
    (shape, head: string, name: string, names: string, types: string, required = '') => {
      if (sent.has(name)) return shape;
      const kept = listed(names).map(isKnown);
      const only = (list: string): string =>
        `[${listed(list)
          .filter((_, at) => kept[at])
          .join(', ')}]`;
      const first = kept.slice(0, Number(required)).filter(Boolean).length; // so many members, the first, are required
      return `${head}${only(names)},\n    ${only(types)}${first > 0 ? `, ${first}` : ''}\n];\n`;
    },
  );
};

/** The shapes of what is sent by the commands that our sources name, and all that those are made of. */
const sentShapes = (source: string, words: ReadonlySet<string>): Set<string> => {
  const shapes = new Map([...source.matchAll(anyShape)].map(([, name = '', text = '']) => [name, text]));
  const sent = new Set<string>();
  const open = [...source.matchAll(operation)].flatMap(([, name, asked = '']) =>
    words.has(`${name}Command`) ? asked : [],
  );
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (sent.has(name)) continue;
    sent.add(name);
    open.push(...(shapes.get(name)?.match(/\w+\$?/g) ?? []).filter((word) => shapes.has(word)));
  }
  return sent;
};

const anyShape = /^(?:export )?var (\w+\$?) = ([^;]*);$/gm;
const operation = /^export var (\w+)\$ = \[9, n0, _\w+,\n[^;]*?\(\) => (\w+\$?), \(\) => \w+\$?\n\];$/gm;
const structure =
  /^(export var (\w+\$) = \[3, n0, _\w+,\n {4}[^\n]+,\n {4})\[([^\n]*)\],\n {4}\[([^\n]*)\](?:, (\d+))?\n\];\n/gm;

/** The parts of a list that may have lists and objects in it. */
const listed = (text: string): string[] => {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at <= text.length; at += 1) {
    const one = text[at] ?? ',';
    if ('[{('.includes(one)) depth += 1;
    else if (']})'.includes(one)) depth -= 1;
    else if (one === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts.filter((part) => part !== '');
};
