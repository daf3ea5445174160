import { readWildcard } from '../pattern/wildcard.ts';
import { parseDuration } from './duration.ts';
import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';
import { patternFindings } from './rules-of-patterns.ts';

/**
 * What no single value of a check can be wrong about. What is read right before an act is half a minute old at most: so
 * long a probe may not take.
 */
export const checkFindings = (check: unknown, path: Path): Finding[] => [
  ...probeFindings(valueAt(check, ['probe']), [...path, 'probe']),
  ...eventFindings(valueAt(check, ['fail']), [...path, 'fail']),
  ...eventFindings(valueAt(check, ['pass']), [...path, 'pass']),
  ...alikeFindings(check, path),
];

const probeAtMostMs = 20_000;

const probeFindings = (probe: unknown, path: Path): Finding[] => {
  const written = (name: string): unknown => valueAt(probe, [name]);
  const timeout = written('timeout') ?? '5s';
  const failures = written('failures') ?? 3;
  const body = written('body');
  const ms = typeof timeout === 'string' ? parseDuration(timeout) : null;
  const wildcard = typeof body === 'string' ? readWildcard(body) : [];
  return [
    ...(ms !== null && typeof failures === 'number' && ms * failures > probeAtMostMs
      ? [tooSlow(failures, ms, path)]
      : []),
    ...('wrong' in wildcard ? [wrongBody(body, wildcard.wrong, path)] : []),
  ];
};

const tooSlow = (failures: number, timeout: number, path: Path): Finding => ({
  path,
  at: 'key',
  found: `${failures} tries of ${timeout / 1000} s each`,
  wanted: `${probeAtMostMs / 1000} s for all of them at most: a probe is asked again right before an act`,
  todo: 'make timeout or failures less',
});

const wrongBody = (body: unknown, wrong: string, path: Path): Finding => ({
  path: [...path, 'body'],
  at: 'value',
  found: sayFound(body),
  wanted: `a text in which * stands for any characters: ${wrong}`,
  todo: 'correct it',
});

const fieldsOfAnEvent = [
  'source',
  'detail-type',
  'detail',
  'account',
  'region',
  'resources',
  'time',
  'id',
  'version',
  '$or',
];

/** A pattern of a check is one over an event: what no event has cannot be asked of it. */
const eventFindings = (pattern: unknown, path: Path): Finding[] => {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) return [];
  const strange = Object.keys(pattern).filter((field) => !fieldsOfAnEvent.includes(field));
  return [
    ...strange.map((field): Finding => ({
      path: [...path, field],
      at: 'key',
      found: `the field ${sayFound(field)}`,
      wanted: `one that an event of EventBridge has: ${fieldsOfAnEvent.slice(0, -1).join(', ')}`,
      todo: 'it can never match; did you mean a field of detail?',
    })),
    ...patternFindings(pattern, path),
  ];
};

const alikeFindings = (check: unknown, path: Path): Finding[] => {
  const [fail, pass] = [valueAt(check, ['fail']), valueAt(check, ['pass'])];
  if (fail === undefined || JSON.stringify(fail) !== JSON.stringify(pass)) return [];
  const found = 'the same pattern for pass as for fail';
  const wanted = 'two that tell one from the other: an event that both match says nothing';
  return [{ path: [...path, 'pass'], at: 'value', found, wanted, todo: 'change one of the two' }];
};
