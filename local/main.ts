import { EscalatorError } from '../shared/errors.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Running, start } from './start.ts';

/** `npm start`: starts everything, says where it is, and stops cleanly on Ctrl-C. */
const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return console.log(usage);
  const running = await start(options, (line) => console.error(line));
  console.log(options.json ? JSON.stringify(readyOf(running)) : addressesOf(running, options));
  await signal('SIGINT', 'SIGTERM');
  await running.stop();
};

const readyOf = ({ console, git, aws, data, services }: Running) => ({
  ready: true,
  console,
  git,
  aws,
  data,
  services,
});

const addressesOf = ({ console, git, aws, data, services }: Running, { config }: Options): string =>
  [
    `git      ${git}      clone it, push to it`,
    ...Object.entries(services).map(([name, url]) => `${name.padEnd(8)} ${url}               what is served now`),
    `console  ${console}               changes, incidents, alerts`,
    `aws      ${aws}               the AWS APIs, for SDKs and the AWS CLI`,
    `data     ${data}`,
    `config   ${config}`,
    'ready    nothing leaves this machine; Ctrl-C stops',
  ].join('\n');

const signal = (...names: NodeJS.Signals[]): Promise<void> =>
  new Promise((resolve) => {
    for (const name of names) process.once(name, () => resolve());
  });

/** One line for what a person can mend; the stack for what only we can. */
const fail = (error: unknown): void => {
  console.error(error instanceof EscalatorError ? error.toLine() : error);
  process.exit(1);
};

main().then(() => process.exit(0), fail);
