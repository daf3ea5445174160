import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EscalatorError } from '../../shared/errors.ts';
import type { AlarmDefinition } from './alarm.ts';
import { alarmMembers, metricMembers, mistakesIn } from './alarm-input.ts';
import type { Probe } from './probes.ts';

/** Which alarms there are, which probes feed them, and how many instances a service has: the content of `alarms.json`. */
export type WatchFile = {
  alarms: AlarmDefinition[];
  probes: Probe[];
  groups: { Service: string; DesiredCapacity: number }[];
};

const probe = z.strictObject({
  Service: z.string().min(1),
  Path: z.string().startsWith('/').default('/health'),
  Expect: z.union([
    z.literal('any answer'),
    z.string().regex(/^[1-5]\d\d$/, 'is a status such as "200", or "any answer"'),
  ]),
  IntervalSeconds: z.number().min(0.05).max(3_600).default(1),
  TimeoutSeconds: z.number().min(0.05).max(60).default(2),
  ...metricMembers,
});

const group = z.strictObject({ Service: z.string().min(1), DesiredCapacity: z.number().int().min(1).max(10) });

const watchFile = z.strictObject({
  alarms: z.array(alarmMembers).max(100),
  probes: z.array(probe).max(100),
  groups: z.array(group).max(100).default([]),
});

/**
 * Reads the file of alarms and probes.
 *
 * @throws EscalatorError ESC-006 when it cannot be read, ESC-005 with every mistake in it
 */
export const readWatchFile = (path: string): WatchFile => {
  const read = watchFile.safeParse(parse(path, textOf(path)));
  if (read.success) return read.data;
  const mistakes = mistakesIn(read.error).map((mistake) => `\n  ${mistake}`);
  throw new EscalatorError('ESC-005', `${path} has mistakes:${mistakes.join('')}`);
};

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EscalatorError('ESC-006', `${path} cannot be read: ${(error as Error).message}`);
  }
};

const parse = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EscalatorError('ESC-005', `${path} is not JSON: ${(error as Error).message}`);
  }
};
