import { Command } from 'commander';
import type { Page, ReleaseAnswer } from '../../shared/question/answers.ts';
import { newestIncident } from '../newest.ts';
import { json } from '../options.ts';
import { type IncidentStory, storyOf } from '../story.ts';
import { colour, colourOfStatus, exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain, timeOf } from '../text.ts';

/** `escalator why`: the story of an incident. */
export const whyCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('why')
    .description('the story of an incident: what failed, who was the suspect, what was decided, done, and how it ended')
    .argument('[incident]', 'its id, such as production.shop.5; by default the newest')
    .addOption(json())
    .action(async (id: string | undefined, options: { json?: boolean }) => done(await why(terminal, id, options)));

const why = async (terminal: Terminal, named: string | undefined, options: { json?: boolean }): Promise<ExitCode> => {
  const id = named ?? (await newestIncident(terminal.api));
  const incident: IncidentStory = await terminal.api.get(`/api/incidents/${encodeURIComponent(id)}`);
  if (options.json === true) return (printJson(terminal, incident), exitCodes.good);
  const { environment, service } = incident;
  const { items }: Page<ReleaseAnswer> = await terminal.api.get('/api/releases', {
    environment,
    ...(service === '' ? {} : { service }),
  });
  printStory(terminal, incident, items);
  return exitCodes.good;
};

const printStory = (terminal: Terminal, incident: IncidentStory, releases: ReleaseAnswer[]): void => {
  const { id, status, openedAt } = incident;
  const story = storyOf(incident, releases, terminal.now());
  const when = timeOf(openedAt, terminal.now());
  const stands = colour(terminal, colourOfStatus(status) ?? 'bold', status);
  terminal.print(`${colour(terminal, 'bold', plain(id))}  ${stands}  since ${when}`);
  heading(terminal, 'What failed');
  for (const failed of story.failed) terminal.print(`  ${plain(failed)}`);
  heading(terminal, 'The suspect');
  terminal.print(`  ${plain(story.suspect)}`);
  heading(terminal, 'What was decided and done');
  if (story.lines.length === 0) terminal.print('  Nothing yet.');
  for (const { at, text, receipts } of story.lines)
    terminal.print(
      `  ${timeOf(at, terminal.now())}  ${plain(text)}  ${colour(terminal, 'dim', `(${plain(receipts)})`)}`,
    );
  heading(terminal, 'How it ended');
  terminal.print(`  ${plain(story.end)}`);
  if (incident.notes.length > 0) heading(terminal, 'What people found');
  for (const { cause, preventedBy, by, at, seq } of incident.notes) {
    const who = `${by}, ${timeOf(at, terminal.now())}, entry ${seq}`;
    terminal.print(
      `  ${plain(cause)}; prevented by ${plain(preventedBy)}  ${colour(terminal, 'dim', `(${plain(who)})`)}`,
    );
  }
};

const heading = (terminal: Terminal, text: string): void => {
  terminal.print('');
  terminal.print(colour(terminal, 'bold', text));
};
