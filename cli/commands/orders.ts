import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { EscalatorError } from '../../shared/errors.ts';
import type { EntryItem, Page } from '../../shared/question/answers.ts';
import { durationOf } from '../options.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type Options = {
  why: string;
  by: string;
  for?: string;
  from?: string;
  level?: string;
  commit?: string;
  release?: string;
};

/** What somebody may tell a ladder: the words on the command line, and the order they make. */
type Spoken = {
  name: string;
  about: string;
  target: 'ladder' | 'incident';
  options?: [flags: string, about: string][];
  order: (target: string, options: Options) => object;
};

const which: Spoken['options'] = [
  ['--commit <sha>', 'the commit; in full where it has not come here yet'],
  ['--release <id>', 'the release, as escalator releases --json names it'],
];

const spoken: Spoken[] = [
  { name: 'hold', about: 'let nothing be done here until somebody resumes it', target: 'ladder', order: () => ({}) },
  {
    name: 'claim',
    about: 'take it over for a while: nothing is done here meanwhile',
    target: 'ladder',
    options: [['--for <duration>', 'how long, such as 30m or 2h (1h)']],
    order: (_, options) => ({ until: new Date(Date.now() + durationOf('--for', options.for ?? '1h')).toISOString() }),
  },
  { name: 'resume', about: 'let it go on, also after a hand-over', target: 'ladder', order: () => ({}) },
  {
    name: 'approve',
    about: 'approve what an incident asks for',
    target: 'incident',
    options: [['--level <level>', 'the level, as you read it: another one is not approved by it']],
    order: (incident, { level }) => ({ incident, ...(level !== undefined && { level }) }),
  },
  {
    name: 'force',
    about: 'take a level and every one after it, whatever the checks say',
    target: 'ladder',
    options: [['--from <level>', 'the level']],
    order: (_, { from }) => ({ level: given('--from LEVEL', from) }),
  },
  {
    name: 'converge',
    about: 'build what is not there yet, or bring it back: a level and every one after it, those of the services too',
    target: 'ladder',
    options: [['--from <level>', 'the level']],
    order: (_, { from }) => ({ level: given('--from LEVEL', from) }),
  },
  {
    name: 'quarantine',
    about: 'refuse a commit or release here, whether or not it came yet, until somebody releases it',
    target: 'ladder',
    options: which,
    order: (_, options) => ({ of: whichOf(options) }),
  },
  {
    name: 'release',
    about: 'release a commit or release from quarantine: it may come here again, and be gone back to',
    target: 'ladder',
    options: which,
    order: (_, options) => ({ of: whichOf(options) }),
  },
];

/** `escalator hold|claim|resume|approve|force|converge|quarantine|release`: a person tells a ladder what to do, on record, with a reason. */
export const orderCommands = spoken.map(
  ({ name, about, target, options: own = [], order }) =>
    (terminal: Terminal, done: (code: ExitCode) => void): Command => {
      const command = new Command(name)
        .description(about)
        .argument(
          `<${target}>`,
          target === 'ladder'
            ? 'as production/shop, or production for the levels its services share'
            : 'as production.shop.5',
        )
        .requiredOption('--why <text>', 'the reason, for the record')
        .option('--by <name>', 'who says so', userInfo().username);
      for (const option of own) command.option(...option);
      return command.action(async (said: string, options: Options) => {
        const ladder = target === 'ladder' ? said : ladderOf(said);
        const body = { id: randomUUID(), by: options.by, ladder, why: options.why };
        const { seq }: { seq: number } = await terminal.api.post(`/api/orders/${name}`, {
          ...body,
          order: { name, ...order(said, options) },
        });
        const answer = await answerTo(terminal, ladder, seq);
        terminal.print(plain(answer?.says ?? `on record as entry ${seq}; the ladder has not answered yet`));
        done(answer?.kind === 'order.refused' ? exitCodes.bad : exitCodes.good);
      });
    },
);

const given = (what: string, value: string | undefined): string => {
  if (value === undefined) throw new EscalatorError('ESC-007', `${what} is missing`);
  return value;
};

const whichOf = ({ commit, release }: Options): object => {
  if ((commit === undefined) === (release === undefined))
    throw new EscalatorError('ESC-007', 'one of --commit SHA and --release ID is wanted', 'such as --commit a1b2c3d');
  return commit === undefined ? { release } : { commit };
};

/** An incident is named after its ladder: `production.shop.5`. */
const ladderOf = (incident: string): string => {
  const parts = incident.split('.');
  if (parts.length < 2 || parts.length > 3)
    throw new EscalatorError('ESC-007', `${JSON.stringify(incident)} is no incident`, 'such as production.shop.5');
  return parts.slice(0, -1).join('/');
};

/** What the ladder made of an order: the first thing it says of it. It answers in a second or so. */
export const answerTo = async (terminal: Terminal, ladder: string, seq: number): Promise<EntryItem | null> => {
  const [environment, service] = ladder.split('/');
  for (let tries = 0; tries < 20; tries += 1) {
    const { items }: Page<EntryItem> = await terminal.api.get('/api/entries', {
      environment,
      ...(service === undefined ? {} : { service }),
      limit: 50,
    });
    const answer = items.find((item) => item.detail['order'] === seq);
    if (answer !== undefined) return answer;
    await pause(250);
  }
  return null;
};
