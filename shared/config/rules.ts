import { revokedAtMost } from './config.ts';
import { parseDuration } from './duration.ts';
import { type Finding, type Path, sayFound } from './mistake.ts';
import { at, entriesAt, itemsAt, unknownName } from './raw.ts';
import { alertFindings } from './rules-of-alerts.ts';
import { checkFindings } from './rules-of-checks.ts';
import { dimensionFindings } from './rules-of-dimensions.ts';
import { itselfFindings } from './rules-of-itself.ts';

/**
 * What no single value can be wrong about: names that must be declared elsewhere in the file, and numbers that must
 * fit each other. Read from the raw value and tolerant of it, so that these mistakes show in the same run as those of
 * shape; what has the wrong shape is the schema's to tell.
 */
export const crossFindings = (value: unknown): Finding[] => [
  ...entriesAt(value, 'environments').flatMap(([environment, written]) => [
    ...environmentFindings(written, ['environments', environment]),
    ...entriesAt(written, 'services').flatMap(([service, one]) =>
      ladderFindings(one, ['environments', environment, 'services', service], levelsOf(written)),
    ),
  ]),
  ...revokedFindings(value),
  ...topicFindings(value),
  ...alertFindings(value),
];

/** What an environment shares it shares whole: levels, and the checks that ask for them. */
const environmentFindings = (environment: unknown, path: Path): Finding[] => [
  ...ladderFindings(environment, path, []),
  ...halfShared(environment, path),
  ...itemsAt(environment, 'ladder').flatMap((level, index) => {
    const action = ofService.find((name) => writes(at(level, 'do'), name));
    return action === undefined ? [] : [nothingDeployed(action, [...path, 'ladder', index, 'do'])];
  }),
];

/** What acts on the stage of a service. */
const ofService = ['redeploy', 'retry-stage', 'stop-execution', 'previous-task-definition', 'previous-version'];

const writes = (action: unknown, name: string): boolean => action === name || at(action, name) !== undefined;

const halfShared = (environment: unknown, path: Path): Finding[] => {
  const has = (name: string): boolean => at(environment, name) !== undefined;
  if (has('checks') === has('ladder')) return [];
  const [there, missing] = has('checks') ? ['checks', 'ladder'] : ['ladder', 'checks'];
  const found = `${there} of an environment without a ${missing === 'ladder' ? 'ladder' : 'check'}`;
  const wanted = 'levels that its services share, and the checks that ask for them';
  return [{ path: [...path, there], at: 'key', found, wanted, todo: `add ${missing}, or move it into a service` }];
};

const nothingDeployed = (action: string, path: Path): Finding => ({
  path,
  at: 'value',
  found: `${action} in levels that services share`,
  wanted: 'an action on what they share: nothing is deployed to an environment itself',
  todo: "move it into the service's ladder; the services' own levels follow the shared ones",
});

/** @param above the levels that come before these: a name among both would not say which is meant */
const ladderFindings = (ladder: unknown, path: Path, above: unknown[]): Finding[] => {
  const levels = levelsOf(ladder);
  return [
    ...levels.flatMap((level, index) =>
      typeof level === 'string' && (levels.indexOf(level) < index || above.includes(level))
        ? [levelTwice(level, [...path, 'ladder', index])]
        : [],
    ),
    ...entriesAt(ladder, 'checks').flatMap(([name, check]) =>
      unknownName(at(check, 'level'), levels, 'level', [...path, 'checks', name, 'level']),
    ),
    ...entriesAt(ladder, 'checks').flatMap(([name, check]) => checkFindings(check, [...path, 'checks', name])),
    ...dimensionFindings(
      entriesAt(ladder, 'checks').map(([, check]) => check),
      itemsAt(ladder, 'ladder'),
      path,
    ),
    ...itselfFindings(ladder, path),
    ...verifyFindings(at(ladder, 'verify'), [...path, 'verify']),
  ];
};

const levelsOf = (ladder: unknown): unknown[] => itemsAt(ladder, 'ladder').map((level) => at(level, 'level'));

const levelTwice = (level: string, path: Path): Finding => ({
  path: [...path, 'level'],
  at: 'value',
  found: `level ${sayFound(level)} a second time`,
  wanted: 'each level once, of those that are shared and of those that follow',
  todo: 'remove or rename one of the two',
});

const verifyFindings = (verify: unknown, path: Path): Finding[] => {
  const read = (name: string): number | null => {
    const written = at(verify, name);
    return typeof written === 'string' ? parseDuration(written) : null;
  };
  const [every, times, within] = [read('every'), at(verify, 'times'), read('within')];
  if (every === null || within === null || typeof times !== 'number' || within >= every * times) return [];
  const found = `${sayFound(at(verify, 'within'))} for ${times} times every ${String(at(verify, 'every'))}`;
  const wanted = 'a time in which the checks can be read that often';
  return [
    { path: [...path, 'within'], at: 'value', found, wanted, todo: 'make within longer, or every or times less' },
  ];
};

/** Revoking in a repository that nothing comes from would revoke nothing, and look as if it did. */
const revokedFindings = (value: unknown): Finding[] => {
  const services = entriesAt(value, 'environments').flatMap(([, one]) => entriesAt(one, 'services'));
  const known = services.map(([, service]) => at(service, 'repository') ?? at(service, 'pipeline'));
  const commits = new Map<unknown, number>();
  return itemsAt(value, 'revoked').flatMap((item, index) => {
    const repository = at(item, 'repository');
    const count = (commits.get(repository) ?? 0) + itemsAt(item, 'commits').length;
    commits.set(repository, count);
    return [
      ...unknownName(repository, known, 'repository', ['revoked', index, 'repository']),
      ...(count > revokedAtMost ? [tooManyRevoked(count, ['revoked', index, 'commits'])] : []),
    ];
  });
};

const tooManyRevoked = (count: number, path: Path): Finding => ({
  path,
  at: 'value',
  found: `${count} commits of one repository`,
  wanted: `at most ${revokedAtMost}`,
  todo: 'leave out those that never went out, or that are no longer among the last twenty releases anywhere',
});

const topicFindings = (value: unknown): Finding[] => {
  const topics = entriesAt(value, 'topics');
  const names = topics.map(([name]) => name);
  return topics.flatMap(([name, topic]) => {
    const path = ['topics', name, 'second'];
    const second = at(topic, 'second');
    return second === name ? [secondIsItself(path)] : unknownName(second, names, 'topic', path);
  });
};

const secondIsItself = (path: Path): Finding => ({
  path,
  at: 'value',
  found: 'the topic itself',
  wanted: 'another topic, for what this one does not take',
  todo: 'name another one, or leave it out',
});
