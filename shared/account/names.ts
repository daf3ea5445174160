/** What is called so in the configuration: letters, digits, - and _, beginning with a letter or digit, at most 64. */
export const nameFrom = (text: string, otherwise: string): string => {
  const name = text
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/[-_]+$/, '')
    .slice(0, 64);
  return name === '' ? otherwise : name;
};

/** The first of `name`, `name-2`, `name-3`, ... that is not taken; it is taken then. */
export const unique = (name: string, taken: Set<string>): string => {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name.slice(0, 60)}-${n}`;
  taken.add(free);
  return free;
};

const environmentWords: [environment: string, word: RegExp][] = [
  ['staging', /^(?:stag(?:e|ing)?|stg|pre-?prod(?:uction)?|uat)$/],
  ['production', /^(?:prod(?:uction)?|prd|live)$/],
  ['test', /^(?:test|testing|qa|int|integration)$/],
  ['development', /^(?:dev|develop(?:ment)?|sandbox)$/],
];

/** The environment that a name speaks of, by one of its words; null where it speaks of none. */
export const environmentIn = (text: string): { environment: string; word: string } | null => {
  const words = text.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/);
  for (const word of words)
    for (const [environment, form] of environmentWords) if (form.test(word.toLowerCase())) return { environment, word };
  return null;
};

/** The text without the words at its ends that say only what it is, or where: `shop-prod-pipeline` is `shop`. */
export const bareName = (pipeline: string): string => {
  const words = pipeline.split(/[-_.]/);
  const says = (word: string): boolean => /^(?:pipeline|deploy|cd|cicd)$/i.test(word) || environmentIn(word) !== null;
  while (words.length > 1 && says(words.at(-1) ?? '')) words.pop();
  return words.join('-');
};

/** A value in YAML: in quotes unless it is plainly a text, and nothing else. */
export const yamlText = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

/** Words of other people in a comment: on one line, and without what could act on a terminal. */
export const commentText = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);
