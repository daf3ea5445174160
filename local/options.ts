import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EscalatorError } from '../shared/errors.ts';

/** What `npm start -- ...` was asked for. A port of 0 means any free one. */
export type Options = {
  data: string;
  port: number;
  gitPort: number;
  awsPort: number;
  config: string;
  json: boolean;
};

export const usage = `npm start -- [options]     Escalator on this machine; nothing leaves it

  --data DIR        where everything is kept             (.escalator)
  --config FILE     the configuration                    (examples/shop/escalator.yaml)
  --port N          console and query API; 0 = any free  (4400)
  --git-port N      git remote                           (4418)
  --aws-port N      AWS endpoint                         (4566)
  --json            one JSON line when ready, instead of one line per address
  --help            this text`;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Reads the command line; null when only help was asked for. Throws ESC-007 naming the option that cannot be. */
export const readOptions = (args: string[]): Options | null => {
  const values = parse(args);
  if (values.help === true) return null;
  return {
    data: resolve(values.data ?? '.escalator'),
    config: resolve(values.config ?? here('../examples/shop/escalator.yaml')),
    port: portOf('--port', values.port, 4400),
    gitPort: portOf('--git-port', values['git-port'], 4418),
    awsPort: portOf('--aws-port', values['aws-port'], 4566),
    json: values.json === true,
  };
};

const parse = (args: string[]) => {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: { data: text, config: text, port: text, 'git-port': text, 'aws-port': text, json: flag, help: flag },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    throw new EscalatorError('ESC-007', message, 'npm start -- --help lists the options');
  }
};

const portOf = (option: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new EscalatorError('ESC-007', `${option} ${JSON.stringify(text)} is no port`, 'wanted: 0 to 65535');
};
