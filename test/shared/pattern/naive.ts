/**
 * The language a second time, written from AWS's page on it without a thought for cost: every way to choose one
 * element of every list is tried, and in an event without lists a pattern is a plain comparison.
 */
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Members = { [name: string]: Json };

/** An event with its choices made: of a list, its own values and at most one element that has parts. */
type World = { values: Json[]; fields: Map<string, World> };

export const naivelyMatches = (pattern: Members, event: Json): boolean =>
  worldsOf(event).some((world) => holds(pattern, world));

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const worldsOf = (value: Json): World[] => {
  if (Array.isArray(value)) return worldsOfList(value);
  if (!isMembers(value)) return [{ values: [value], fields: new Map() }];
  return Object.entries(value).reduce<World[]>(
    (worlds, [name, member]) =>
      worldsOf(member).flatMap((one) =>
        worlds.map(({ values, fields }) => ({ values, fields: new Map([...fields, [name, one]]) })),
      ),
    [{ values: [], fields: new Map() }],
  );
};

const worldsOfList = (list: Json[]): World[] => {
  const own = list.filter((item) => typeof item !== 'object' || item === null);
  const parts = list.filter((item) => typeof item === 'object' && item !== null);
  const chosen = parts.length === 0 ? [{ values: [], fields: new Map<string, World>() }] : parts.flatMap(worldsOf);
  return chosen.map(({ values, fields }) => ({ values: [...own, ...values], fields }));
};

const holds = (pattern: Members, world: World): boolean =>
  Object.entries(pattern).every(([name, written]) => {
    if (name === '$or') return (written as Members[]).some((branch) => holds(branch, world));
    const field = world.fields.get(name) ?? { values: [], fields: new Map<string, World>() };
    if (isMembers(written)) return holds(written, field);
    return (written as Json[]).some((alternative) => accepts(alternative, field.values));
  });

const accepts = (alternative: Json, values: Json[]): boolean => {
  if (!isMembers(alternative)) return values.includes(alternative);
  const [operator = '', operand = null] = Object.entries(alternative)[0] ?? [];
  if (operator === 'exists') return operand === values.length > 0;
  return values.some((value) => is(value, operator, operand));
};

const is = (value: Json, operator: string, operand: Json): boolean => {
  if (operator === 'anything-but') return !isAny(value, operand);
  if (operator === 'numeric') return typeof value === 'number' && isWithin(value, operand as (string | number)[]);
  if (typeof value !== 'string') return false;
  if (isMembers(operand)) return is(value.toUpperCase(), operator, String(operand['equals-ignore-case']).toUpperCase());
  const text = String(operand);
  if (operator === 'prefix') return value.slice(0, text.length) === text;
  if (operator === 'suffix') return text === '' || value.slice(-text.length) === text;
  if (operator === 'equals-ignore-case') return value.toUpperCase() === text.toUpperCase();
  if (operator === 'wildcard') return isWild(value, text);
  return operator === 'cidr' && isInRange(value, text);
};

const isAny = (value: Json, operand: Json): boolean => {
  if (Array.isArray(operand)) return operand.includes(value);
  if (!isMembers(operand)) return value === operand;
  const [operator = '', texts = null] = Object.entries(operand)[0] ?? [];
  return [texts].flat().some((text) => is(value, operator, text));
};

const isWithin = (value: number, [operator, bound, ...more]: (string | number)[]): boolean => {
  const limit = Number(bound);
  const by: { [operator: string]: boolean } = {
    '=': value === limit,
    '<': value < limit,
    '<=': value <= limit,
    '>': value > limit,
    '>=': value >= limit,
  };
  return by[String(operator)] === true && (more.length === 0 || isWithin(value, more));
};

const isWild = (text: string, pattern: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) return isWild(text, pattern.slice(1)) || (text !== '' && isWild(text.slice(1), pattern));
  const [character, length] = pattern.startsWith('\\') ? [pattern[1], 2] : [pattern[0], 1];
  return text[0] === character && text !== '' && isWild(text.slice(1), pattern.slice(length));
};

/** IPv4 alone: bit by bit. */
const isInRange = (text: string, range: string): boolean => {
  const [address = '', mask = ''] = range.split('/');
  const bits = (ip: string): string | null =>
    /^\d+\.\d+\.\d+\.\d+$/.test(ip)
      ? ip.replaceAll(/\d+\.?/g, (part) => Number.parseInt(part, 10).toString(2).padStart(8, '0'))
      : null;
  return bits(text)?.slice(0, Number(mask)) === bits(address)?.slice(0, Number(mask)) && bits(text) !== null;
};
