import { alarmsOfCheck } from './checks.ts';
import type { CheckConfig, LadderConfig, LevelConfig } from './config.ts';
import { type Finding, type Path, sayFound } from './mistake.ts';

/**
 * Drastic levels that are never taken by themselves, since nothing that is read can bear out that they are needed: all who
 * ask for them are events, which anybody can send, or alarms whose metric cannot be read (`metric.ts` has the rule).
 *
 * @param unreadable why the metric of an alarm cannot be read; null where it can, or nobody has looked
 * @returns a remark each
 */
export const neverBorneOut = (
  { levels, checks }: LadderConfig,
  path: Path,
  unreadable: (alarm: string) => string | null = () => null,
): Finding[] =>
  levels.flatMap((level, index): Finding[] => {
    if (!level.drastic || level.mode === 'observe') return [];
    const asking = Object.values(checks).filter((check) => placeOf(levels, check) <= index);
    const doubts = asking.map((check) => doubtOf(check, unreadable));
    if (doubts.length === 0 || doubts.includes(null)) return [];
    return [
      {
        path: [...path, 'ladder', index, 'drastic'],
        at: 'value',
        found: `a drastic level that nothing can bear out: ${doubts.join('; ')}`,
        wanted:
          'an alarm on one metric, a probe or the result of a pipeline that asks for it, or for a level before it',
        todo: 'add such a check; without one a person is called each time, and it is taken only where somebody forces it',
      },
    ];
  });

const placeOf = (levels: LevelConfig[], check: CheckConfig): number =>
  levels.findIndex(({ level }) => level === check.level);

/** One alarm whose metric can be read may bear it out; of a check by several, each that fails has to. */
const doubtOf = (check: CheckConfig, unreadable: (alarm: string) => string | null): string | null => {
  if ('fail' in check) return `check ${sayFound(check.name)} is what an event says`;
  const alarms = alarmsOfCheck(check);
  const doubts = alarms.flatMap((alarm) => unreadable(alarm) ?? []);
  if (alarms.length === 0 || doubts.length < alarms.length) return null;
  return `check ${sayFound(check.name)} is alarm ${alarms.map(sayFound).join(', ')}, and ${doubts[0]}`;
};
