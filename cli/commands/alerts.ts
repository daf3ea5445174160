import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { AlertAnswer, Page, Sent, SilencesAnswer } from '../../shared/question/answers.ts';
import { actorName } from '../../shared/trail/actor-name.ts';
import { cursor, durationOf, json, limit } from '../options.ts';
import { exitCodes, type ExitCode, printJson, printTable, type Terminal } from '../terminal.ts';
import { plain, timeOf } from '../text.ts';
import { EscalatorError } from '../../shared/errors.ts';

type Done = (code: ExitCode) => void;
type Asked = { json?: boolean; limit: number; cursor?: string; service?: string; environment?: string };
type Said = { why: string; by: string };

/** `escalator alerts`: what people were told, why then, and which topics took it. */
export const alertsCommand = (terminal: Terminal, done: Done): Command =>
  new Command('alerts')
    .description('what people were told, why, by which topics and when; the newest first')
    .addOption(limit(20))
    .addOption(cursor())
    .option('--service <service>', 'only of this service')
    .option('--environment <environment>', 'only of this environment')
    .addOption(json())
    .action(async (options: Asked) => done(await alerts(terminal, options)));

const alerts = async (terminal: Terminal, { json: asJson, ...query }: Asked): Promise<ExitCode> => {
  const page: Page<AlertAnswer> = await terminal.api.get('/api/alerts', query);
  if (asJson === true) return (printJson(terminal, page), exitCodes.good);
  const rows = page.items.map((alert) => rowOf(alert, terminal.now()));
  printTable(
    terminal,
    ['ALERT', 'TOLD', 'SEVERITY', 'WHY THEN', 'TO', 'TAKEN', 'WHAT'],
    rows,
    'nobody was told anything',
  );
  if (page.next !== null) terminal.remark(`older ones: --cursor ${page.next}`);
  return exitCodes.good;
};

const rowOf = ({ id, at, severity, why, to, sent, headline }: AlertAnswer, now: Date): string[] => [
  id,
  timeOf(at, now),
  severity,
  why,
  to.join(', '),
  sent.map((one) => takenBy(one, now)).join(', ') || 'by none yet',
  headline,
];

const takenBy = ({ topic, at, insteadOf }: Sent, now: Date): string =>
  `${topic} ${timeOf(at, now)}${insteadOf === undefined ? '' : ` instead of ${insteadOf}`}`;

const saidBy = (command: Command): Command =>
  command
    .requiredOption('--why <text>', 'the reason, for the record')
    .option('--by <name>', 'who says so', userInfo().username);

/** `escalator ack`: somebody knows. It is not told again, and goes to no further contact. */
export const ackCommand = (terminal: Terminal, done: Done): Command =>
  saidBy(new Command('ack'))
    .description('say that you know: it is not told again, and goes to nobody else; what acts goes on acting')
    .argument('<alert>', 'an incident as production.shop.5, or an alert as escalator alerts lists them')
    .action(async (alert: string, { why, by }: Said) => {
      await terminal.api.post('/api/acknowledgements', { id: randomUUID(), by, alert, why });
      terminal.print(plain(`${alert} is acknowledged`));
      done(exitCodes.good);
    });

/** `escalator silence`: people are not told of what a pattern matches, for a day at most. */
export const silenceCommand = (terminal: Terminal, done: Done): Command =>
  saidBy(new Command('silence'))
    .description('stop people from being told of some alerts, for 24 hours at most; what acts goes on acting')
    .argument('<pattern>', `an event pattern over alerts, such as '{"service": ["shop"]}'`)
    .option('--for <duration>', 'how long', '1h')
    .action(async (pattern: string, { why, by, for: lasting }: Said & { for: string }) => {
      const until = new Date(terminal.now().getTime() + durationOf('--for', lasting)).toISOString();
      const id = randomUUID();
      await terminal.api.post('/api/silences/set', { id, by, match: patternOf(pattern), from: null, until, why });
      terminal.print(plain(`silenced until ${until}; to end it before: escalator unsilence ${id} --why TEXT`));
      done(exitCodes.good);
    });

const patternOf = (written: string): unknown => {
  try {
    return JSON.parse(written);
  } catch {
    throw new EscalatorError('ESC-007', `${JSON.stringify(written)} is no JSON`, `such as '{"service": ["shop"]}'`);
  }
};

/** `escalator unsilence`: people are told again. */
export const unsilenceCommand = (terminal: Terminal, done: Done): Command =>
  saidBy(new Command('unsilence'))
    .description('let people be told again')
    .argument('<silence>', 'as escalator silences lists them')
    .action(async (silence: string, { why, by }: Said) => {
      await terminal.api.post('/api/silences/lifted', { id: randomUUID(), by, silence, why });
      terminal.print(plain(`${silence} is lifted`));
      done(exitCodes.good);
    });

/** `escalator silences`: whose they are, why, and until when. */
export const silencesCommand = (terminal: Terminal, done: Done): Command =>
  new Command('silences')
    .description('what people are not told of, who wanted that, why, and until when')
    .addOption(json())
    .action(async ({ json: asJson }: { json?: boolean }) => {
      const { items }: SilencesAnswer = await terminal.api.get('/api/silences', {});
      if (asJson === true) printJson(terminal, { items });
      else {
        const rows = items.map(({ id, until, who, why, match }) => [
          id,
          timeOf(until, terminal.now()),
          actorName(who),
          JSON.stringify(match),
          why,
        ]);
        printTable(terminal, ['SILENCE', 'UNTIL', 'WHO', 'WHAT', 'WHY'], rows, 'nothing is silenced');
      }
      done(exitCodes.good);
    });
