import { AsyncLocalStorage } from 'node:async_hooks';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { type Dimensions, metricLine, type MetricName } from '../../shared/watch/metrics.ts';

export type Level = 'info' | 'warn' | 'error';

/** One line of the log: JSON, so that CloudWatch finds lines by their fields. */
export type Line = { level?: Level; function?: string; error?: string; [field: string]: unknown };

export type Fields = { [field: string]: string | number | boolean | null | undefined };

const sink = { write: (line: Line): void => console.log(JSON.stringify(line)) };

/** Where lines go, for the whole process as the console is: standard output unless told otherwise. */
export const logTo = (write: (line: Line) => void): void => {
  sink.write = write;
};

const correlation = new AsyncLocalStorage<Fields>();
/** What a failure was about, for who logs it further out. */
const abouts = new WeakMap<object, Fields>();

/**
 * Runs work; every line written in it says what it is about, and so does the line of a failure that comes out of it.
 * One inside another adds to it.
 */
export const within = async <T>(about: Fields, work: () => Promise<T>): Promise<T> => {
  const whole = { ...correlation.getStore(), ...about };
  try {
    return await correlation.run(whole, work);
  } catch (error) {
    if (typeof error === 'object' && error !== null && !abouts.has(error)) abouts.set(error, whole);
    throw error;
  }
};

/** What a failure was about, as innermost known. */
export const aboutOf = (error: unknown): Fields =>
  (typeof error === 'object' && error !== null ? abouts.get(error) : undefined) ?? {};

/** Of a longer text the rest is left out: first of what is read for secrets, then of what is written. */
const readAtMost = 10_000;
const writtenAtMost = 500;

const clean = (value: unknown): unknown =>
  typeof value === 'string' ? withoutSecrets(value.slice(0, readAtMost)).slice(0, writtenAtMost) : value;

/**
 * Writes one line: what is said, and what the work under way is about. Secrets are taken out of every text. Never throws:
 * a log that cannot be written must not turn done work into failed work.
 *
 * @param measured metrics that the line carries beside its fields (`metricLine`)
 */
export const log = (level: Level, said: Fields, measured: object = {}): void => {
  const fields = Object.entries({ ...correlation.getStore(), ...said }).filter(([, value]) => value !== undefined);
  writeLine({ level, ...Object.fromEntries(fields.map(([name, value]) => [name, clean(value)])), ...measured });
};

/** Writes one value of a metric, of now. Its unit and dimensions stand in `shared/watch/metrics.ts`. Never throws. */
export const metric = <Name extends MetricName>(name: Name, value: number, dimensions: Dimensions<Name>): void =>
  writeLine(metricLine(new Date().toISOString(), { [name]: value } as { [name in Name]: number }, dimensions));

/** Writes a line as it is, for who made one of metrics. Never throws. */
export const writeLine = (line: object): void => {
  try {
    sink.write(line as Line);
  } catch {
    // nothing is left to tell it to
  }
};
