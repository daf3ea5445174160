import { parseArgs } from 'node:util';
import { EscalatorError } from '../../shared/errors.ts';
import { reportLines } from './print.ts';
import { verifyDirectory } from './run.ts';

/**
 * The verifier by itself, for whoever has a pack and nothing else of Escalator: `npm run build:verify` makes one file of
 * it. Exit codes: 0 good, 2 tampered with, 3 incomplete, 4 not vouched for, 1 where it could not be tried.
 */
const usage = 'node escalator-verify.mjs DIR --key FILE [--checkpoint FILE] [--json]';

const main = async (): Promise<number> => {
  const options = { key: { type: 'string' }, checkpoint: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [dir] = positionals;
  if (dir === undefined || values.key === undefined || positionals.length > 1)
    throw new EscalatorError('ESC-007', `wanted: ${usage}`);
  const report = await verifyDirectory({ dir, key: values.key, checkpoint: values.checkpoint });
  console.log(values.json === true ? JSON.stringify(report) : reportLines(report).join('\n'));
  return report.exit;
};

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof EscalatorError ? error.toLine() : `ESC-007 ${String(error)}; wanted: ${usage}`);
  return 1;
});
