import { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EscalatorError } from '../../shared/errors.ts';
import { type Checkpoint, readNote } from '../../shared/proof/note.ts';
import { verifyPack } from '../../shared/verify/verify.ts';
import { askedOf, type ExportOptions } from '../export/asked.ts';
import { exportPack } from '../export/export.ts';
import { packWriter } from '../export/writer.ts';
import { json, pointInTime } from '../options.ts';
import { exitCodes, type ExitCode, printJson, type Terminal } from '../terminal.ts';
import { directorySource } from '../verify/directory.ts';
import { nodeEngine } from '../verify/engine.ts';
import { reportLines } from '../verify/print.ts';

type Options = ExportOptions & { out: string; checkpoint?: string; by: string; json?: boolean };

/** `escalator export`: a part of the trail, or all of it, to take away and check without us. */
export const exportCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('export')
    .description('write an evidence pack: everything, a period, a change or a release; itself put on record')
    .requiredOption('--out <dir>', 'a directory that is new')
    .option('--since <time>', 'recorded since then', pointInTime('--since', terminal.now, 'first'))
    .option('--until <time>', 'recorded before then', pointInTime('--until', terminal.now, 'after'))
    .option('--change <commit>', 'what concerns this commit')
    .option('--release <id>', 'what concerns this release')
    .option('--checkpoint <file>', 'a checkpoint kept from before: the pack can then be compared with it')
    .option('--by <name>', 'who takes it away', userInfo().username)
    .addOption(json())
    .action(async (options: Options) => done(await exportTo(terminal, options)));

const exportTo = async (terminal: Terminal, options: Options): Promise<ExitCode> => {
  const { api, now, pause, remark } = terminal;
  const asked = askedOf(options, now());
  const kept = options.checkpoint === undefined ? null : checkpointIn(options.checkpoint);
  const pack = packWriter(options.out);
  try {
    await exportPack({ api, asked, by: options.by, now: now(), kept, pause, remark }, pack);
    // Whoever hands evidence over should have seen that it holds.
    const key = await api.text('/api/key');
    const report = await verifyPack(directorySource(pack.dir), nodeEngine, { key });
    pack.done();
    if (options.json === true) printJson(terminal, { out: options.out, ...report });
    else for (const line of [`${'written'.padEnd(10)}${options.out}`, ...reportLines(report)]) terminal.print(line);
    return report.exit === 0 ? exitCodes.good : exitCodes.bad;
  } catch (error) {
    pack.undo();
    throw error;
  }
};

const checkpointIn = (file: string): Checkpoint => {
  const note = existsSync(file) ? readNote(readFileSync(file, 'utf8')) : null;
  if (note !== null) return note.checkpoint;
  throw new EscalatorError('ESC-006', `${file} holds no checkpoint`, 'give one that a pack came with');
};
