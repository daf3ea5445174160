import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { draftConfig } from '../../shared/account/draft.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import type { Home } from '../../shared/config/member.ts';
import { formatMistake } from '../../shared/config/mistake.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

/** `escalator init`: a configuration drafted from what is in the account. Changes nothing, and overwrites nothing. */
export const initCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('init')
    .description('draft a configuration from what is in the account, every guess with its reason; it only observes')
    .argument('[file]', 'a file that is new; - for standard output', 'escalator.yaml')
    .option('--account <id>', 'the account that is read')
    .option('--home <account/region>', 'where Escalator is, if not where this is read', placeFrom)
    .action(async (file: string, { account, home }: Asked) => {
      if (file !== '-' && existsSync(file)) throw thereAlready(file);
      terminal.remark('reading pipelines, alarms, Auto Scaling groups, and what the pipelines deploy to');
      const { text, services } = await drafted(terminal, account ?? null, home);
      if (file === '-') terminal.print(text.trimEnd());
      else write(file, text);
      terminal.remark(
        plain(`${services} ${services === 1 ? 'service' : 'services'} drafted${file === '-' ? '' : ` in ${file}`}`),
      );
      if (file !== '-')
        terminal.remark(plain(`next: read it, then escalator check ${file}, then escalator doctor ${file}`));
      done(exitCodes.good);
    });

type Asked = { account?: string; home?: Home };

const placeFrom = (written: string): Home => {
  const [, account, region] = /^(\d{12})\/([\w-]+)$/.exec(written) ?? [];
  if (account !== undefined && region !== undefined) return { account, region };
  throw new EscalatorError('ESC-007', `--home is ${written}`, 'ACCOUNT/REGION, such as 111122223333/eu-central-1');
};

/** The SDK is loaded only where it is wanted. */
const drafted = async (
  { now }: Terminal,
  account: string | null,
  home?: Home,
): Promise<{ text: string; services: number }> => {
  const { readAccount } = await import('../../local/account/read-account.ts');
  const inventory = await readAccount(null);
  const on = now().toISOString().slice(0, 10);
  const read = { account, region: process.env['AWS_REGION'] ?? 'its Region', on, ...(home && { home }) };
  const draft = draftConfig(inventory, read);
  const [unread] = inventory.unread;
  if (draft.services === 0)
    throw new EscalatorError(
      'ESC-052',
      `there is no pipeline that deploys${unread === undefined ? '' : `; ${unread.what} could not be read (${unread.why})`}`,
      'are AWS_REGION and the credentials those of where you deliver? examples/shop/escalator.yaml shows a configuration',
    );
  const parsed = parseConfig(draft.text, 'the draft');
  if ('config' in parsed) return draft;
  const why = parsed.mistakes.map(formatMistake).join(' | ');
  throw new EscalatorError('ESC-000', `what was drafted is no configuration: ${why}`, 'this is a fault of Escalator’s');
};

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw thereAlready(file);
    const message = `${file} cannot be written: ${(cause as Error).message}`;
    throw new EscalatorError('ESC-006', message, 'name another file, or - to see it', { cause });
  }
};

const thereAlready = (file: string): EscalatorError =>
  new EscalatorError('ESC-006', `${file} is there already`, 'name another file, or - to see it');
