import { Command } from 'commander';
import type { ChangeAnswer, ExecutionAnswer } from '../../shared/question/answers.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { newestCommit } from '../newest.ts';
import { json, wholeNumber } from '../options.ts';
import { colour, colourOfStatus, exitCodes, type ExitCode, printField, printJson, type Terminal } from '../terminal.ts';
import { plain, short, table, timeOf } from '../text.ts';
import { lasted, outcomeOf, printActs, printPulls, printReached, printTold, printWork } from '../change.ts';

type Options = { json?: boolean; wait?: number | true };

/** How long `--wait` waits when it is not told (s). */
const usualWait = 600;

/** `escalator change`: where a change is, for people and, by its exit code, for scripts. */
export const changeCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('change')
    .description('where a change is, how long each step took, and why it stopped')
    .argument('[commit]', 'at least 7 characters of it; by default what was pushed last')
    .option('--wait [seconds]', `wait until it is live or stopped (${usualWait} s)`, wholeNumber('--wait', 1, 86_400))
    .addOption(json())
    .addHelpText('after', '\nExit codes: 0 live, 1 stopped, rolled back or superseded, 2 unknown, 3 on its way')
    .action(async (commit: string | undefined, options: Options) => done(await change(terminal, commit, options)));

const change = async (terminal: Terminal, named: string | undefined, options: Options): Promise<ExitCode> => {
  const commit = named === undefined ? await newestCommit(terminal.api) : checked(named);
  const answer = await answerFor(terminal, commit, options.wait);
  if (options.json === true) printJson(terminal, answer);
  else printChange(terminal, answer);
  return codes[answer.status];
};

const checked = (commit: string): string => {
  if (/^[0-9a-f]{7,64}$/i.test(commit)) return commit.toLowerCase();
  throw new EscalatorError(
    'ESC-007',
    `${JSON.stringify(commit)} is no commit`,
    'wanted: 7 or more characters of its id',
  );
};

const codes: { [status in ChangeAnswer['status']]: ExitCode } = {
  live: exitCodes.good,
  stopped: exitCodes.bad,
  'rolled-back': exitCodes.bad,
  superseded: exitCodes.bad,
  unknown: exitCodes.usage,
  'on-its-way': exitCodes.waiting,
};

const answerFor = (terminal: Terminal, commit: string, wait: Options['wait']): Promise<ChangeAnswer> =>
  wait === undefined ? ask(terminal, commit) : untilEnded(terminal, commit, (wait === true ? usualWait : wait) * 1000);

const ask = (terminal: Terminal, commit: string): Promise<ChangeAnswer> =>
  terminal.api.get(`/api/changes/${encodeURIComponent(commit)}`);

/** How often it is asked (ms), and how long an end must stand: a failing check follows a failed stage within seconds. */
const askEvery = 500;
const standsFor = 3_000;

const untilEnded = async (terminal: Terminal, commit: string, waitMs: number): Promise<ChangeAnswer> => {
  const deadline = terminal.now().getTime() + waitMs;
  let end: End | null = null;
  for (;;) {
    const answer = await ask(terminal, commit).catch((error: unknown) => ifUnknown(error));
    const now = terminal.now().getTime();
    end = endOf(answer, end, now);
    if (answer !== null && end !== null && now - end.since >= standsFor) return answer;
    if (now >= deadline) return answer ?? ask(terminal, commit);
    await terminal.pause(askEvery);
  }
};

type End = { status: string; since: number };

/** The end that a change has come to, and since when; null while it is on its way. */
const endOf = (answer: ChangeAnswer | null, before: End | null, now: number): End | null => {
  if (answer === null || answer.status === 'on-its-way' || answer.status === 'unknown') return null;
  return before?.status === answer.status ? before : { status: answer.status, since: now };
};

/** A push is on record a moment after git says so: what is not known yet may be known soon. */
const ifUnknown = (error: unknown): null => {
  if (error instanceof EscalatorError && error.code === 'ESC-011') return null;
  throw error;
};

const printChange = (terminal: Terminal, answer: ChangeAnswer): void => {
  const { commit, status, repository, message, author, pusher, pushedAt, reason } = answer;
  const where = repository === null ? '' : ` of ${repository}`;
  const how = colour(terminal, colourOfStatus(status) ?? 'bold', status.replaceAll('-', ' '));
  terminal.print(`${short(commit)}${plain(where)}  ${how}`);
  printField(terminal, 'message', message?.split('\n')[0]);
  printField(terminal, 'author', author === null ? null : `${author} (as the commit claims)`);
  printField(
    terminal,
    'pushed',
    pushedAt === null ? null : `${timeOf(pushedAt, terminal.now())} by ${pusher ?? 'nobody known'}`,
  );
  printField(terminal, 'why', reason);
  printPulls(terminal, answer);
  for (const execution of answer.executions) printExecution(terminal, execution);
  printWork(terminal, answer);
  printReached(terminal, answer);
  printActs(terminal, answer);
  printTold(terminal, answer);
  if (!answer.complete) terminal.remark(`there is more on record: escalator trail --change ${short(commit)}`);
};

const printExecution = (terminal: Terminal, execution: ExecutionAnswer): void => {
  const now = terminal.now();
  terminal.print('');
  terminal.print(
    `execution ${plain(execution.execution)} of pipeline ${plain(execution.pipeline ?? '-')}: ` +
      `${outcomeOf(execution)}, ${lasted(execution, now)}`,
  );
  const rows = execution.stages.flatMap((stage) => [
    [`  ${stage.name}`, outcomeOf(stage), timeOf(stage.startedAt, now), lasted(stage, now), ''],
    ...stage.actions.map((action) => [
      `    ${action.name}`,
      outcomeOf(action),
      timeOf(action.startedAt, now),
      lasted(action, now),
      action.outcome === 'succeeded' ? '' : (action.reason ?? ''), // what went well needs no reason
    ]),
  ]);
  const lines = table(rows, terminal.width);
  const outcomes = execution.stages.flatMap((stage) => [stage.outcome, ...stage.actions.map(({ outcome }) => outcome)]);
  lines.forEach((line, index) => {
    const bad = outcomes[index] === 'failed';
    terminal.print(bad ? colour(terminal, 'red', line) : line);
  });
};
