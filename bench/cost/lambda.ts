import { add, type Usage } from './bill.ts';
import type { Reading } from './meter.ts';

/** Reads the meter: what was asked since it was last read. */
export type ReadMeter = () => Promise<Reading>;

/**
 * What is assumed of Lambda, since this machine is none: a function of 512 MB has that part of one CPU of 1,769 MB
 * (AWS Lambda Developer Guide, "Configure Lambda function memory"), every request takes 5 ms, and none is made while
 * another is under way.
 */
export const assumed = { memoryMb: 512, wholeCpuMb: 1_769, requestMs: 5 };

/** What the platform itself logs of an invocation: START, END and REPORT (bytes). */
const platformLogBytes = 420;

export const gigabyte = 1_000_000_000;

/** Runs one invocation and answers what it would be billed: its own price, and that of what it asked and logged. */
export const invoke = async (read: ReadMeter, work: () => Promise<unknown>): Promise<Usage> => {
  await read();
  const heard = listen();
  const before = process.cpuUsage();
  await work().finally(heard.stop);
  const { user, system } = process.cpuUsage(before);
  const { usage, requests } = await read();
  const cpuMs = (user + system) / 1_000;
  return add(usage, lambda(cpuMs, requests), { 'cloudwatch.log': (platformLogBytes + heard.bytes()) / gigabyte });
};

/** What an invocation itself costs. */
export const lambda = (cpuMs: number, requests: number): Usage => {
  const ms = Math.ceil((cpuMs * assumed.wholeCpuMb) / assumed.memoryMb + requests * assumed.requestMs);
  return { 'lambda.request': 1, 'lambda.second': (Math.max(1, ms) / 1_000) * (assumed.memoryMb / 1_024) };
};

const names = ['log', 'error', 'warn', 'info'] as const;

/** What a function logs is what it prints: counted, and not shown. */
const listen = (): { bytes: () => number; stop: () => void } => {
  const was = names.map((name) => console[name]);
  let bytes = 0;
  for (const name of names)
    console[name] = (...said: unknown[]) => {
      const line = said.map(String).join(' ');
      bytes += Buffer.byteLength(line);
      logged.push(line);
    };
  return {
    bytes: () => bytes,
    stop: () => names.forEach((name, at) => void Object.assign(console, { [name]: was[at] })),
  };
};

/** Every line that was logged, for whoever looks for metrics in them. */
export const logged: string[] = [];
