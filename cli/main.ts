import { setTimeout as pause } from 'node:timers/promises';
import { EscalatorError } from '../shared/errors.ts';
import { apiFrom } from './api.ts';
import { runProgram } from './program.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** The command line, wired to this process: the only file here that knows of one. */
const terminalOf = (): Terminal => ({
  api: apiFrom(process.env),
  print: (line) => void process.stdout.write(`${line}\n`),
  remark: (line) => void process.stderr.write(`${line}\n`),
  now: () => new Date(),
  pause: (ms) => pause(ms),
  colours: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  width: process.stdout.isTTY ? process.stdout.columns : Infinity,
  stdin: () => process.stdin,
});

const main = async (): Promise<number> => {
  try {
    return await runProgram(terminalOf(), process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof EscalatorError ? error.toLine() : error);
    return error instanceof EscalatorError ? exitCodes.usage : exitCodes.bad;
  }
};

// whoever reads only the head of a list closes the pipe: that is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// not process.exit: what was printed into a pipe must arrive
process.exitCode = await main();
