import { Command } from 'commander';
import type { IncidentAnswer, Page, StepAnswer } from '../../shared/question/answers.ts';
import { type Handover, handoverOf, type Recurring } from '../../shared/question/handover.ts';
import { json, pointInTime } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { short, timeOf } from '../text.ts';

type Options = { json?: boolean; since?: string };

/** `escalator handover`: what whoever takes the pager has to know. */
export const handoverCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('handover')
    .description(
      'for whoever takes the pager: what is open, what was done, what comes back, and what nobody mended yet',
    )
    .option('--since <when>', 'a day, a time, or how long ago (12h)', pointInTime('--since', terminal.now, 'first'))
    .addOption(json())
    .action(async (options: Options) => done(await handover(terminal, options)));

const half = 12 * 3_600_000;

const handover = async (terminal: Terminal, { json: asJson, since }: Options): Promise<ExitCode> => {
  const from = since ?? new Date(terminal.now().getTime() - half).toISOString();
  const digest = handoverOf(await incidentsSince(terminal, from), from);
  if (asJson === true) printJson(terminal, digest);
  else print(terminal, digest);
  return exitCodes.good;
};

/** Pages read at most: what is older than the time asked for by so many incidents is not looked for. */
const pagesAtMost = 10;

/** What opened before, and is still open, may stand behind: one page more is read for it. */
const incidentsSince = async (terminal: Terminal, since: string): Promise<IncidentAnswer[]> => {
  const all: IncidentAnswer[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < pagesAtMost; pages += 1) {
    const isBehind = (all.at(-1)?.openedAt ?? since) < since;
    const page: Page<IncidentAnswer> = await terminal.api.get('/api/incidents', {
      limit: 100,
      ...(cursor && { cursor }),
    });
    all.push(...page.items);
    if (page.next === null || isBehind) break;
    cursor = page.next;
  }
  return all;
};

const print = (terminal: Terminal, { since, open, over, recurring }: Handover): void => {
  const now = terminal.now();
  terminal.print(colour(terminal, 'bold', `Since ${timeOf(since, now)}`));
  heading(terminal, 'Open, or handed over and not noted yet');
  printTable(
    terminal,
    headings,
    open.map((one) => rowOf(one, now)),
    'nothing',
  );
  heading(terminal, 'Comes back, what nobody mended first');
  const rows = recurring.map(({ ladder, failing, incidents, preventedBy, since: after }) => [
    ladder,
    failing.join(', '),
    `${incidents.length} times`,
    remedyOf({ incidents, preventedBy, since: after }),
  ]);
  printTable(terminal, ['LADDER', 'FAILING', 'HOW OFTEN', 'PREVENTED BY'], rows, 'nothing');
  heading(terminal, 'Over');
  printTable(
    terminal,
    headings,
    over.map((one) => rowOf(one, now)),
    'nothing',
  );
};

const remedyOf = ({
  incidents,
  preventedBy,
  since,
}: Pick<Recurring, 'incidents' | 'preventedBy' | 'since'>): string => {
  const remedy = preventedBy.at(-1);
  const note = `escalator note ${incidents[0]} --cause TEXT --prevented-by COMMIT`;
  if (remedy === undefined) return `nobody said: ${note}`;
  return since === 0 ? remedy : `${remedy}, and it came back ${times(since)} since: ${note}`;
};

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const heading = (terminal: Terminal, text: string): void => {
  terminal.print('');
  terminal.print(colour(terminal, 'bold', text));
};

const headings = ['INCIDENT', 'STATUS', 'OPENED', 'FAILING', 'SUSPECT', 'DONE', 'NOTED', 'REASON'];

const rowOf = (incident: IncidentAnswer, now: Date): string[] => [
  incident.id,
  incident.status,
  timeOf(incident.openedAt, now),
  incident.failing.join(', '),
  short(incident.suspect?.commit),
  incident.steps.map(deedOf).join(', ') || 'nothing',
  incident.notes.at(-1)?.preventedBy ?? '-',
  incident.reason ?? '',
];

/** What was done, as people say it; how it went where it did not go well. */
const deedOf = ({ level, action, commit, forCause, outcome }: StepAnswer): string => {
  const deed =
    action === 'redeploy' ? `${forCause ? 'rolled back to' : 'redeployed'} ${short(commit)}` : (action ?? level);
  return outcome === 'done' ? deed : `${deed} (${outcome})`;
};
