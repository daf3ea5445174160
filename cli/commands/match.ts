import { Command } from 'commander';
import { type ReadDocument, readDocument } from '../../shared/config/document.ts';
import { formatMistake, sayFound, valueAt } from '../../shared/config/mistake.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { readJson } from '../../shared/pattern/json.ts';
import { compilePattern, matches, PatternError, type PatternMistake } from '../../shared/pattern/pattern.ts';
import { isObject } from '../../shared/pattern/value.ts';
import { readText } from '../events/files.ts';
import { exitCodes, type ExitCode, type Terminal } from '../terminal.ts';
import { plain } from '../text.ts';

type MatchOptions = { batch?: string };

/** `escalator match`: what EventBridge would say, without asking it. Exit 0 yes, 1 no, 2 there is a mistake. */
export const matchCommand = (terminal: Terminal, done: (code: ExitCode) => void): Command =>
  new Command('match')
    .description('try an event pattern on an event, as EventBridge would match them')
    .argument('[pattern]', 'a file with a pattern: JSON, or YAML as in escalator.yaml; - for standard input')
    .argument('[event]', 'a file with an event in JSON; - for standard input')
    .option('--batch <file>', 'a JSON list of { "rule": PATTERN, "event": EVENT }, answered by one list; - likewise')
    .action(async (pattern: string | undefined, event: string | undefined, { batch }: MatchOptions) =>
      done(await tryPatterns(terminal, { pattern, event, batch })),
    );

type Named = { [name in 'pattern' | 'event' | 'batch']: string | undefined };

const tryPatterns = async (terminal: Terminal, { pattern, event, batch }: Named): Promise<ExitCode> => {
  if (batch !== undefined && pattern === undefined) return tryBatch(terminal, batch);
  if (batch === undefined && pattern !== undefined && event !== undefined) return tryOne(terminal, pattern, event);
  const message = 'match takes a file with a pattern and one with an event, or --batch FILE';
  throw new EscalatorError('ESC-007', message, 'name two files, or one list');
};

const tryOne = async (terminal: Terminal, file: string, eventFile: string): Promise<ExitCode> => {
  const text = await read(terminal, file);
  const document = readDocument(text);
  const say = (mistake: Said): void => terminal.remark(plain(sayMistake(document, file, mistake)));
  if (document.mistakes.length > 0) return (document.mistakes.forEach(say), exitCodes.usage);
  const pattern = jsonOf(text) ?? document.value;
  const findingOf = findingIn(document, pattern);
  try {
    const matcher = compilePattern(pattern);
    matcher.remarks.map(findingOf).forEach(say);
    const yes = matches(matcher, eventIn(await read(terminal, eventFile), eventFile));
    terminal.print(yes ? 'yes' : 'no');
    return yes ? exitCodes.good : exitCodes.bad;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    error.mistakes.map(findingOf).forEach(say);
    return exitCodes.usage;
  }
};

type Said = ReadDocument['mistakes'][number];

const sayMistake = (document: ReadDocument, file: string, { path, offset, found, wanted, todo }: Said): string =>
  formatMistake({ file, ...document.positionOf(offset), path: path.join('.'), found, wanted, todo });

const findingIn =
  (document: ReadDocument, pattern: unknown) =>
  ({ path, message }: PatternMistake): Said => ({
    path,
    offset: document.offsetOf(path, 'value'),
    found: sayFound(valueAt(pattern, path)),
    wanted: `a pattern that EventBridge takes: ${message}`,
    todo: 'correct the pattern',
    fatal: false,
  });

/** Numbers beyond a double keep their text where the pattern is JSON; in YAML they are what a double makes of them. */
const jsonOf = (text: string): unknown => {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
};

const eventIn = (text: string, file: string): unknown => {
  const event = parse(text, file);
  if (isObject(event)) return event;
  throw new EscalatorError('ESC-035', `${file} holds ${sayFound(event)}`, 'wanted: an event, which is a JSON object');
};

const tryBatch = async (terminal: Terminal, file: string): Promise<ExitCode> => {
  const items = parse(await read(terminal, file), file);
  if (!Array.isArray(items)) throw noBatch(`${file} holds ${sayFound(items)}`);
  terminal.print(JSON.stringify(items.map(answerOf)));
  return exitCodes.good;
};

const answerOf = (item: unknown, index: number): boolean | 'invalid' => {
  if (!isObject(item) || !Object.hasOwn(item, 'rule') || !Object.hasOwn(item, 'event'))
    throw noBatch(`item ${index + 1} is ${sayFound(item)}`);
  try {
    return matches(compilePattern(written(item.rule)), written(item.event));
  } catch (error) {
    if (error instanceof PatternError) return 'invalid';
    throw error;
  }
};

/** A pattern or an event may also be given as its JSON text, as AWS's own calls take and return them. */
const written = (value: unknown): unknown => (typeof value === 'string' ? (jsonOf(value) ?? value) : value);

const noBatch = (message: string): EscalatorError =>
  new EscalatorError('ESC-035', message, 'wanted: a JSON list of { "rule": PATTERN, "event": EVENT }');

const parse = (text: string, file: string): unknown => {
  try {
    return readJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EscalatorError('ESC-035', `${file} is no JSON: ${why}`, undefined, { cause: error });
  }
};

const read = async ({ stdin }: Terminal, file: string): Promise<string> => {
  try {
    return await readText(file, stdin);
  } catch (error) {
    if (!(error instanceof EscalatorError)) throw error;
    throw new EscalatorError('ESC-035', `${file} cannot be read: ${error.message}`, error.todo, { cause: error });
  }
};
