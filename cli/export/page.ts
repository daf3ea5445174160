import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Instant, Json } from '../../shared/trail/entry.ts';
import { escaped, summaryMarkup, verifierMarkup } from './page/markup.ts';

/** The first rows of a file of the pack, and how many it has in all. */
export type Table = { columns: string[]; rows: string[][]; total: number };

/** What the page says above the verifier. */
export type Summary = {
  /** the lane's name, as in its checkpoints */
  origin: string;
  by: string;
  at: Instant;
  /** as the export's own entry has it */
  asked: Json;
  /** how many entries were exported, without the one that records the export; the first and the last of them */
  entries: number;
  first: number | null;
  last: number | null;
  /** further counts, in words that are read after the number: `rolled back` */
  totals: { label: string; count: number }[];
  changes: Table;
  exceptions: Table;
};

/**
 * The file `verify.html` of a pack: a summary to read, and the verifier, in one file that asks for nothing else and is
 * not able to. Rows of the tables beyond the first 200 are left to the files.
 */
export const verifyPage = async (summary: Summary): Promise<string> => {
  const [script, style] = await Promise.all([bundled(), styled()]);
  const says = summaryMarkup(summary);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Evidence pack: ${escaped(summary.origin)}</title>
<style>${style}</style>
</head>
<body data-summary="${markOf(says)}">
<main>
${says}
${verifierMarkup}
</main>
<script>${script}</script>
</body>
</html>
`;
};

/** Only this very script and this very style, and no way out: not by a request, a form, or another base for links. */
const policyFor = (script: string, style: string): string =>
  [
    `default-src 'none'`,
    `script-src '${digestOf(script)}'`,
    `style-src '${digestOf(style)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');

/** By this the page knows whether it came in the folder that it is given to check. */
const markOf = (markup: string): string => createHash('sha256').update(markup).digest('hex');

const digestOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const pathOf = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));

/** Syntax for any browser since 2023; what the script calls is no newer. */
const target = 'es2022';

/** The verifier as one script. Throws where esbuild cannot build it, which is a mistake in the source. */
const bundled = async (): Promise<string> => {
  const entryPoints = [pathOf('browser/main.ts')];
  const options = { bundle: true, minify: true, format: 'iife', platform: 'browser', write: false } as const;
  const { outputFiles } = await build({ ...options, entryPoints, target, legalComments: 'none', logLevel: 'silent' });
  return outputFiles.map(({ text }) => text.trim()).join('');
};

const styled = async (): Promise<string> => {
  const { code } = await transform(await readFile(pathOf('page.css'), 'utf8'), { loader: 'css', minify: true });
  return code.trim();
};
