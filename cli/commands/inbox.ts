import { Command } from 'commander';
import type { Letter, Thread } from '../../local/topics/inbox.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { json, limit } from '../options.ts';
import { colour, exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { plain, table, timeOf } from '../text.ts';

type Asked = { json?: boolean; limit: number; as?: string };

/** `escalator inbox`: what was published on this machine, as subscribers got it. */
export const inboxCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('inbox')
    .description('messages as their subscribers got them on one machine, incident by incident; the newest first')
    .addOption(limit(20))
    .option('--as <protocol>', 'the whole text as it goes to email, sms, http, https or sqs')
    .addOption(json())
    .action(async ({ json: asJson, as, ...query }: Asked) => {
      const inbox: { items: Thread[] } = await terminal.api.get('/api/inbox', query);
      if (asJson === true) printJson(terminal, inbox);
      else if (inbox.items.length === 0) terminal.print('nothing was published so far');
      else for (const thread of inbox.items) printThread(terminal, thread, as);
      done(exitCodes.good);
    });

const printThread = (terminal: Terminal, { letters }: Thread, as: string | undefined): void => {
  const [newest] = letters;
  if (newest === undefined) return;
  const { alert, subject, topic } = newest;
  terminal.print(colour(terminal, 'bold', plain(alert?.headline ?? subject ?? `a message of ${topic}`)));
  if (as === undefined) printList(terminal, letters);
  else for (const letter of letters) printText(terminal, letter, as);
  if (alert?.action === 'trigger' && alert.incident !== null)
    terminal.print(colour(terminal, 'yellow', plain(`  escalator ack ${alert.incident} --why TEXT`)));
  terminal.print('');
};

const printList = (terminal: Terminal, letters: Letter[]): void => {
  const rows = letters.map(({ at, alert, topic, subject, deliveries }) => [
    `  ${timeOf(at, terminal.now())}`,
    alert?.why ?? 'message',
    topic,
    takenOf(deliveries),
    subject ?? '',
  ]);
  for (const line of table(rows, terminal.width)) terminal.print(line);
};

/** How many have it, and who never will. */
const takenOf = (deliveries: Letter['deliveries']): string => {
  if (deliveries.length === 0) return 'nobody subscribes';
  const taken = deliveries.filter(({ state }) => state === 'delivered').length;
  const failed = deliveries.filter(({ state }) => state === 'failed').map(({ endpoint }) => endpoint);
  return `taken by ${taken} of ${deliveries.length}${failed.length === 0 ? '' : `, never by ${failed.join(' and ')}`}`;
};

const printText = (terminal: Terminal, { at, forms }: Letter, as: string): void => {
  const form = forms.find(({ protocols }) => protocols.includes(as)) ?? forms.find(isDefault);
  if (form === undefined) {
    const known = [...new Set(forms.flatMap(({ protocols }) => protocols))].join(', ');
    throw new EscalatorError('ESC-007', `--as ${JSON.stringify(as)} has no form here`, `wanted: one of ${known}`);
  }
  terminal.print(colour(terminal, 'dim', `  ${timeOf(at, terminal.now())}  ${as}`));
  for (const line of form.text.split('\n')) terminal.print(`  ${plain(line)}`.trimEnd());
};

/** A message that is one text for all. */
const isDefault = ({ protocols }: Letter['forms'][number]): boolean => protocols.includes('default');
