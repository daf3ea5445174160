import type { Json } from '../trail/entry.ts';
import type { Exit, Report } from './report.ts';

/** What a pack is found to be, in the same words wherever it is told. */
export const verdicts: { readonly [exit in Exit]: string } = {
  0: 'good',
  2: 'TAMPERED WITH',
  3: 'INCOMPLETE',
  4: 'NOT VOUCHED FOR: nobody known to you signed it',
};

const completeSays = { yes: 'yes', no: 'no', 'not provable': 'not provable, export the period' } as const;

/**
 * What verifying found, each fact with its name. Words from the pack are as they stand in it: whoever shows them
 * makes them harmless for the place where they are shown.
 */
export const reportRows = (report: Report): [label: string, text: string][] => {
  const { exit, problems, firstBad, origin, size, entries, first, last, recorded, kept, checkpoints } = report;
  const rows: [string, string | null][] = [
    ['verdict', verdicts[exit]],
    ['first bad', firstBad === null ? null : `entry ${firstBad}`],
    ['found', `genuine: ${report.genuine ? 'yes' : 'no'}; complete: ${completeSays[report.complete]}`],
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
  const told = rows.filter((row): row is [string, string] => row[1] !== null);
  return [...told, ...problems.map((problem): [string, string] => ['problem', problem])];
};

/** What an export was asked for, in words; null where that is nothing that an export can be asked for. */
export const askedFor = (asked: Json): string | null => {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return null;
  if (asked['everything'] === true) return 'everything';
  return Object.entries(asked)
    .map(([what, value]) => `${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
};
