import { alarmsOf, alarmsOfCheck } from './checks.ts';
import type { Config, LadderConfig } from './config.ts';
import type { Finding, Mistake, Path } from './mistake.ts';
import { sayFound } from './mistake.ts';
import { placed } from './remarks.ts';
import { neverBorneOut } from './remarks-on-drastic.ts';

/** What alarms are by name; one that is not there is absent. */
export type Alarms = {
  [alarm: string]: {
    /** how long it takes to follow what it watches (ms); null where it has no period */
    window: number | null;
    /** why its metric cannot be read before a drastic act; null where it can */
    unreadable: string | null;
  };
};

/**
 * What only shows where the alarms are: checks whose alarm is not there, and times that are shorter than the slowest alarm
 * needs to follow. The ladder waits that long anyway; whoever declared less expects it sooner.
 *
 * @returns a remark each, in the order of the text
 */
export const remarksOnAlarms = (config: Config, alarms: Alarms, text: string, file: string): Mistake[] =>
  placed(
    config,
    (ladder, path) => [
      ...notThere(ladder, alarms, path),
      ...tooQuiet(ladder, alarms, path),
      ...notBorneOut(ladder, alarms, path),
    ],
    text,
    file,
  );

/** What the file alone tells of it was remarked already. */
const notBorneOut = (ladder: LadderConfig, alarms: Alarms, path: Path): Finding[] => {
  const known = neverBorneOut(ladder, path).map(whereOf);
  const found = neverBorneOut(
    ladder,
    path,
    (alarm) => (Object.hasOwn(alarms, alarm) ? alarms[alarm] : null)?.unreadable ?? null,
  );
  return found.filter((one) => !known.includes(whereOf(one)));
};

const whereOf = ({ path }: Finding): string => path.join('.');

const notThere = ({ checks }: LadderConfig, alarms: Alarms, path: Path): Finding[] =>
  Object.values(checks).flatMap((check) =>
    alarmsOfCheck(check)
      .filter((alarm) => !Object.hasOwn(alarms, alarm))
      .map((alarm) => ({
        path: [...path, 'checks', check.name, 'alarm'],
        at: 'value' as const,
        found: `alarm ${sayFound(alarm)}, which is not there`,
        wanted: 'an alarm of this account and Region: until there is one the check is unknown',
        todo: 'make the alarm, or correct its name',
      })),
  );

const tooQuiet = ({ checks, levels, verify }: LadderConfig, alarms: Alarms, path: Path): Finding[] => {
  const windows = alarmsOf({ checks }).flatMap((alarm) => {
    const window = Object.hasOwn(alarms, alarm) ? alarms[alarm]?.window : undefined;
    return window == null ? [] : [{ alarm, window }];
  });
  const slowest = windows.toSorted((a, b) => b.window - a.window)[0];
  if (slowest === undefined) return [];
  const { alarm, window } = slowest;
  const said = (ms: number, what: string, where: Path): Finding[] =>
    ms >= window
      ? []
      : [
          {
            path: [...path, ...where],
            at: 'value',
            found: `${ms / 1000} s ${what}, and alarm ${sayFound(alarm)}, which takes ${window / 1000} s to follow`,
            wanted: 'a time in which the slowest alarm can have followed: so long it waits anyway',
            todo: `make it at least ${Math.ceil(window / 1000)}s, or the alarm faster`,
          },
        ];
  return [
    ...levels.flatMap(({ quiescence }, index) => said(quiescence, 'after a step', ['ladder', index, 'quiescence'])),
    ...said(verify.within, 'to verify in', ['verify', 'within']),
  ];
};
