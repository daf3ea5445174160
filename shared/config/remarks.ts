import { type Config, type LadderConfig, laddersOf, type ServiceConfig } from './config.ts';
import { readDocument } from './document.ts';
import { type Finding, type Mistake, type Path, sayFound } from './mistake.ts';
import { parseDuration } from './duration.ts';
import { neverBorneOut } from './remarks-on-drastic.ts';
import { remarksOnRoutes } from './remarks-on-routes.ts';

/**
 * What is allowed, but surely not meant: levels that nothing can start, ladders that can do nothing, routes that no alert
 * can take.
 *
 * @param config as read from this text
 * @returns a remark each, in the order of the text
 */
export const remarksOn = (config: Config, text: string, file: string): Mistake[] =>
  inText([...onLadders(config, remarksOnLadder), ...remarksOnRoutes(config)], text, file);

/** What is to be said of each ladder, with its place in the text, in the order of the text. */
export const placed = (
  config: Config,
  remarks: (ladder: LadderConfig, path: Path) => Finding[],
  text: string,
  file: string,
): Mistake[] => inText(onLadders(config, remarks), text, file);

const onLadders = (config: Config, remarks: (ladder: LadderConfig, path: Path) => Finding[]): Finding[] =>
  laddersOf(config).flatMap((ladder) => remarks(ladder, pathOf(ladder)));

const inText = (findings: Finding[], text: string, file: string): Mistake[] => {
  const document = readDocument(text);
  return findings
    .map(({ path, at, ...said }) => ({ ...said, path: path.join('.'), offset: document.offsetOf(path, at) }))
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, ...said }) => ({ file, ...document.positionOf(offset), ...said }));
};

const pathOf = ({ environment, service }: LadderConfig): Path =>
  service === null ? ['environments', environment] : ['environments', environment, 'services', service];

const remarksOnLadder = (config: LadderConfig, path: Path): Finding[] => [
  ...unreachable(config, path),
  ...neverActs(config, path),
  ...wholeTaken(config, path),
  ...nothingLimited(config, path),
  ...neverBorneOut(config, path),
  ...(config.service === null ? [] : lateBake(config, path)),
];

/** An attempt starts where a failing check asks for it and goes on to the last level: what is before is never taken. */
const unreachable = ({ levels, checks }: LadderConfig, path: Path): Finding[] => {
  const asked = Object.values(checks).map(({ level }) => levels.findIndex((one) => one.level === level));
  const first = Math.min(...asked);
  return levels.slice(0, first).map(({ level }, index) => ({
    path: [...path, 'ladder', index, 'level'],
    at: 'value',
    found: `level ${sayFound(level)}, which no check asks for, before all that one asks for`,
    wanted: 'a level that can be reached',
    todo: 'map a check to it, or force it by hand when it is needed',
  }));
};

const neverActs = ({ levels }: LadderConfig, path: Path): Finding[] =>
  levels.some(({ mode }) => mode !== 'observe')
    ? []
    : [
        {
          path: [...path, 'ladder'],
          at: 'key',
          found: 'a ladder whose every level only observes',
          wanted: 'nothing else, to begin with',
          todo: 'it says what it would do; set mode to ask or act where it may do it',
        },
      ];

/** A check that says which queue fails is no reason to be careful with instances, and looks as if it were. */
const wholeTaken = ({ levels, checks }: LadderConfig, path: Path): Finding[] =>
  Object.values(checks).flatMap((check) => {
    const action = levels.find(({ level }) => level === check.level)?.do.type;
    if (!('per' in check) || check.per === 'InstanceId' || action !== 'replace-instances') return [];
    return [
      {
        path: [...path, 'checks', check.name, 'per'],
        at: 'value',
        found: `per ${sayFound(check.per)}, for a level that replaces instances`,
        wanted: 'InstanceId: by anything else it is not known which of them fail, and all are replaced',
        todo: 'look at the metric per InstanceId, or take per away',
      },
    ];
  });

const nothingLimited = ({ levels, checks }: LadderConfig, path: Path): Finding[] =>
  levels.flatMap(({ level, limit }, index) => {
    const before = levels.slice(0, index + 1).map((one) => one.level);
    const isUsed = Object.values(checks).some((check) => 'per' in check && before.includes(check.level));
    if (limit === 1 || isUsed) return [];
    const found = `a limit of ${limit} for level ${sayFound(level)}, of which no check says by name what fails`;
    const todo = 'give a check of this level, or of one before it, a dimension with per, or take limit away';
    return [
      { path: [...path, 'ladder', index, 'limit'], at: 'value', found, wanted: 'a limit that limits something', todo },
    ];
  });

/** A release that is replaced within this time was hardly tried. */
const shortestBake = parseDuration('1m') ?? 0;

const lateBake = ({ bake }: ServiceConfig, path: Path): Finding[] =>
  bake >= shortestBake
    ? []
    : [
        {
          path: [...path, 'bake'],
          at: 'value',
          found: `a release that is good after ${bake / 1000} s`,
          wanted: 'a time in which what is wrong with it would show',
          todo: 'make bake longer, unless this is for trying things out',
        },
      ];
