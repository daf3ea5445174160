import type { Json } from '../../shared/trail/entry.ts';
import type { Report } from '../../shared/verify/report.ts';
import { plain } from '../text.ts';

const verdicts = {
  0: 'good',
  2: 'TAMPERED WITH',
  3: 'INCOMPLETE',
  4: 'NOT VOUCHED FOR: nobody known to you signed it',
} as const;

/** What verifying found, in lines for a person. */
export const reportLines = (report: Report): string[] => {
  const { exit, problems, firstBad, origin, size, entries, first, last, recorded, kept, checkpoints } = report;
  const rows: [string, string | null][] = [
    ['verdict', verdicts[exit]],
    ['first bad', firstBad === null ? null : `entry ${firstBad}`],
    ['genuine', report.genuine ? 'yes' : 'no'],
    ['complete', report.complete === 'not provable' ? 'not provable, export the period' : report.complete],
    ['trail', origin],
    [
      'sealed',
      size === null ? null : `${size} entries${checkpoints === 0 ? '' : `, and at ${checkpoints} times before`}`,
    ],
    ['entries', first === null ? String(entries) : `${entries}, from ${first} to ${last}`],
    ['recorded', recorded === null ? null : `${recorded.first} to ${recorded.last}`],
    ['asked', askedFor(report.asked)],
    ['kept', kept === 'not compared' ? null : `${kept} as the checkpoint kept from last time`],
  ];
  const told = rows.flatMap(([label, text]) => (text === null ? [] : [`${label.padEnd(10)}${plain(text)}`]));
  return [...told, ...problems.map((problem) => `${'problem'.padEnd(10)}${plain(problem)}`)];
};

const askedFor = (asked: Json): string | null => {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return null;
  if (asked['everything'] === true) return 'everything';
  return Object.entries(asked)
    .map(([what, value]) => `${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
};
