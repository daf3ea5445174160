import { Command } from 'commander';
import { EscalatorError } from '../../shared/errors.ts';
import { filesUnder, readText } from '../events/files.ts';
import { type Parcel, parcelsIn, replayedIn } from '../events/parcels.ts';
import type { Intake } from '../events/sender.ts';
import { json } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type Report = { file: string; put: number; refused: { event: number; reason: string }[] };

/** `escalator put-events`: recorded events, through the intake, as if they happened again. */
export const putEventsCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('put-events')
    .description('put recorded events through the intake: files, directories, or - for standard input')
    .argument('<path...>', 'a file is one event or a JSON list of them')
    .addOption(json())
    .action(async (paths: string[], options: { json?: boolean }) =>
      done(await putEvents(terminal, paths, options, parcelsIn)),
    );

type ReplayOptions = { json?: boolean; name: string };

/** `escalator replay`: recorded events, put on record where they are not, and healing nothing. */
export const replayCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('replay')
    .description(
      'put recorded events on record, as replayed: what stands there already is not added, nothing is healed',
    )
    .argument('<path...>', 'a file is one event or a JSON list of them')
    .option('--name <name>', 'what the replay is called on record', `replay-${terminal.now().toISOString()}`)
    .addOption(json())
    .action(async (paths: string[], { name, ...options }: ReplayOptions) =>
      done(await putEvents(terminal, paths, options, (text) => replayedIn(text, name))),
    );

/** How the text of a file is made into what is sent. */
type Read = (text: string) => Parcel[];

const putEvents = async (
  terminal: Terminal,
  paths: string[],
  options: { json?: boolean },
  read: Read,
): Promise<ExitCode> => {
  const intake: Intake = await terminal.api.get('/api/about');
  const files = filesUnder(paths);
  const reports = await sendFiles(terminal, intake, files, read);
  const count = { files: reports.length, put: sum(reports, 'put'), refused: sum(reports, 'refused') };
  if (options.json === true) printJson(terminal, { ...count, items: reports });
  else printReports(terminal, reports, count);
  return count.refused === 0 && count.put > 0 ? exitCodes.good : exitCodes.bad;
};

/** The SDK is loaded only here: no other command should wait for it. */
const sendFiles = async (terminal: Terminal, intake: Intake, files: string[], read: Read): Promise<Report[]> => {
  const { createSender } = await import('../events/sender.ts');
  const sender = createSender(intake);
  const reports: Report[] = [];
  for (const file of files) {
    const report: Report = { file, put: 0, refused: [] };
    reports.push(report);
    for (const [event, parcel] of (await parcelsOf(file, terminal, read)).entries()) {
      const ended = (reason: string | null): void =>
        reason === null ? void report.put++ : void report.refused.push({ event, reason });
      await sender.send({ parcel, ended });
    }
  }
  await sender.flush();
  return reports;
};

/** A file that cannot be read is refused, and the others go on. */
const parcelsOf = async (file: string, { stdin }: Terminal, read: Read): Promise<Parcel[]> => {
  try {
    return read(await readText(file, stdin));
  } catch (error) {
    if (error instanceof EscalatorError) return [{ by: 'none', reason: error.toLine() }];
    throw error;
  }
};

const sum = (reports: Report[], field: 'put' | 'refused'): number =>
  reports.reduce((total, report) => total + (field === 'put' ? report.put : report.refused.length), 0);

type Count = { files: number; put: number; refused: number };

const printReports = (terminal: Terminal, reports: Report[], { files, put, refused }: Count): void => {
  for (const { file, put: taken, refused: reasons } of reports) {
    if (taken > 0) terminal.print(`put      ${String(taken).padStart(5)}  ${plain(file)}`);
    for (const { event, reason } of reasons) {
      const which = taken + reasons.length > 1 ? ` event ${event}` : '';
      terminal.print(colour(terminal, 'red', `refused      1  ${plain(file)}${which}: ${plain(reason)}`));
    }
  }
  terminal.print(`${put} put, ${refused} refused, ${files} files`);
};
