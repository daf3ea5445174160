import type { CheckConfig, LevelConfig, LadderConfig } from '../config/config.ts';
import { canonical } from '../trail/canonical.ts';

/** One thing that two configurations of a ladder say otherwise. */
export type Setting = {
  /** as it is called in the configuration, such as `quiescence` or `ladder.deploy.mode` */
  name: string;
  was: string;
  is: string;
  /** the new configuration with only this as it was */
  undone: (service: LadderConfig) => LadderConfig;
};

/** All that two configurations of a ladder say otherwise. Names and places that follow from others are left out. */
export const settingsBetween = (was: LadderConfig, is: LadderConfig): Setting[] => [
  ...simple(was, is),
  ...namedIn('checks', was.checks, is.checks, (service, name) => ({
    ...service,
    checks: put(service.checks, name, was.checks[name]),
  })),
  ...levels(was, is),
];

/** Said by other names in the file, or told by themselves. */
const apart = new Set(['environment', 'service', 'ladder', 'above', 'below', 'checks', 'levels']);

type Fields = { [field: string]: unknown };

const simple = (was: Fields, is: Fields, path: string[] = []): Setting[] => {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((field) => !apart.has(field));
  return fields.flatMap((field) => {
    const [old, now] = [was[field], is[field]];
    if (same(old, now)) return [];
    const at = [...path, field];
    if (isFields(old) && isFields(now)) return simple(old, now, at);
    return [
      { name: at.map(written).join('.'), was: say(old), is: say(now), undone: (service) => putAt(service, at, old) },
    ];
  });
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const putAt = <Value extends object>(whole: Value, [field = '', ...rest]: string[], value: unknown): Value => {
  const inner = (whole as Fields)[field];
  return { ...whole, [field]: rest.length > 0 && isFields(inner) ? putAt(inner, rest, value) : value };
};

const namedIn = (
  what: string,
  was: { [name: string]: CheckConfig },
  is: { [name: string]: CheckConfig },
  undone: (service: LadderConfig, name: string) => LadderConfig,
): Setting[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => !same(was[name], is[name]))
    .map((name) => ({
      name: `${what}.${name}`,
      was: say(was[name]),
      is: say(is[name]),
      undone: (service) => undone(service, name),
    }));

const put = <Value>(all: { [name: string]: Value }, name: string, value: Value | undefined) => {
  const { [name]: _, ...others } = all;
  return value === undefined ? others : { ...others, [name]: value };
};

const levels = (was: LadderConfig, is: LadderConfig): Setting[] => {
  if (!same(order(was), order(is))) {
    const undone = (service: LadderConfig): LadderConfig => ({ ...service, levels: was.levels });
    return [{ name: 'ladder', was: order(was).join(', '), is: order(is).join(', '), undone }, ...insides(was, is)];
  }
  return insides(was, is);
};

/** What the levels that both have say otherwise, field by field. */
const insides = (was: LadderConfig, is: LadderConfig): Setting[] =>
  is.levels.flatMap((level) => {
    const before = was.levels.find((one) => one.level === level.level);
    return before === undefined ? [] : fieldsOf(before, level);
  });

const fieldsOf = (was: LevelConfig, is: LevelConfig): Setting[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((field) => {
    const [old, now] = [was, is].map((level) => (level as { [field: string]: unknown })[field]);
    if (same(old, now)) return [];
    const undone = (service: LadderConfig): LadderConfig => ({
      ...service,
      levels: service.levels.map((one) => (one.level === is.level ? { ...one, [field]: old } : one)),
    });
    return [{ name: `ladder.${is.level}.${field}`, was: say(old), is: say(now), undone }];
  });

const order = ({ levels: all }: LadderConfig): string[] => all.map(({ level }) => level);

const same = (one: unknown, other: unknown): boolean => text(one) === text(other);

const text = (value: unknown): string => (value === undefined ? '' : canonical({ value }));

/** `bakeWhenReplaced` is written `bake-when-replaced`. */
const written = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const say = (value: unknown): string => {
  if (value === undefined) return 'none';
  if (typeof value === 'number') return duration(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : JSON.stringify(value);
  const fields = Object.entries(value).filter(([field]) => field !== 'name' && field !== 'type');
  const type = 'type' in value && typeof value.type === 'string' ? value.type : '';
  const inside = fields.map(
    ([field, one]) => `${written(field)}: ${typeof one === 'number' ? duration(one) : say(one)}`,
  );
  return [type, inside.length === 0 ? '' : `{ ${inside.join(', ')} }`].filter((part) => part !== '').join(' ');
};

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
] as const;

/** Small numbers are counts; lengths of time are milliseconds, and written as in the file. */
const duration = (value: number): string => {
  if (value < 100) return String(value);
  const [ms, unit] = units.find(([size]) => value % size === 0) ?? [1, 'ms'];
  return `${value / ms}${unit}`;
};
