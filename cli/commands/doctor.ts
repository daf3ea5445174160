import { Command } from 'commander';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import { partOf } from '../../shared/config/member.ts';
import { formatMistake } from '../../shared/config/mistake.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import { examine, type Seen } from '../../shared/doctor/doctor.ts';
import type { Finding } from '../../shared/doctor/finding.ts';
import { namedIn } from '../../shared/doctor/named.ts';
import type { Installation } from '../../shared/doctor/of-installation.ts';
import { intakeRules } from '../../shared/event/rules.ts';
import { EscalatorError } from '../../shared/errors.ts';
import type { Page } from '../../shared/question/answers.ts';
import type { KillSwitchAnswer, LadderAnswer } from '../../shared/question/ladders.ts';
import { readText } from '../events/files.ts';
import { json } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator doctor`: what will not work, and why, and what to do. Exit 0 where nothing fails, 1 where something does, 2 where the configuration has mistakes. */
export const doctorCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('doctor')
    .description('say of each service what will not work and why, asking AWS and Escalator; changes nothing')
    .argument('[file]', 'the configuration; - for standard input', 'escalator.yaml')
    .addOption(json())
    .action(async (file: string, options: { json?: boolean }) => {
      const read = parseConfig(await readText(file, terminal.stdin), file);
      if ('mistakes' in read) {
        for (const mistake of read.mistakes) terminal.print(plain(formatMistake(mistake)));
        return done(exitCodes.usage);
      }
      const findings = examine(read.config, await look(terminal, read.config));
      if (options.json === true) printJson(terminal, findings);
      else print(terminal, read.config, findings);
      return done(findings.some(({ weight }) => weight === 'fails') ? exitCodes.bad : exitCodes.good);
    });

/** The SDK is loaded only where it is wanted. */
const look = async ({ api }: Terminal, config: Config): Promise<Seen> => {
  const { readAccount } = await import('../../local/account/read-account.ts');
  const { readInstallation } = await import('../../local/account/read-installation.ts');
  const { readMembers } = await import('../../local/account/read-members.ts');
  const inventory = await readAccount(namedIn(partOf(config, ({ elsewhere }) => elsewhere === undefined)));
  const installed = await readInstallation(Object.values(config.topics).map(({ sns }) => sns));
  const { account, ...product } = await answersOf(api);
  const home = { account, region: process.env['AWS_REGION'] ?? null };
  return {
    inventory,
    elsewhere: await readMembers(config, { account: account ?? '', region: home.region ?? '' }),
    installation: { ...installed, product: account === null ? null : (product as Installation['product']) },
    home,
    wantedRules: intakeRules('').map(({ name }) => name),
  };
};

type Answers = { account: string | null } & Partial<NonNullable<Installation['product']>>;

/** A product that does not answer is a finding, and no failure of the doctor. */
const answersOf = async (api: Terminal['api']): Promise<Answers> => {
  try {
    const { account } = await api.get<{ account: string }>('/api/about');
    const killSwitch = await api.get<KillSwitchAnswer>('/api/kill-switch');
    const { items } = await api.get<Page<LadderAnswer>>('/api/ladders');
    const lastGood = Object.fromEntries(items.map((one) => [one.ladder, one.lastGood?.id ?? null]));
    return { account, killSwitch, lastGood };
  } catch (error) {
    if (error instanceof EscalatorError) return { account: null };
    throw error;
  }
};

const print = (terminal: Terminal, config: Config, findings: Finding[]): void => {
  const about = [null, ...laddersOf(config).map(({ ladder }) => ladder)];
  for (const ladder of about) {
    const found = findings.filter((one) => one.ladder === ladder);
    terminal.print(
      `${ladder ?? 'Escalator itself'}${found.length === 0 ? `  ${colour(terminal, 'green', 'nothing found')}` : ''}`,
    );
    for (const { weight, what, todo } of found) {
      const mark = weight === 'fails' ? colour(terminal, 'red', 'FAILS  ') : colour(terminal, 'yellow', 'careful');
      terminal.print(`  ${mark}  ${plain(what)}`);
      terminal.print(`           ${plain(todo)}`);
    }
  }
};
