import type { HttpAnswer } from './ask.ts';
import type { Metric } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import type { Service } from './service.ts';

/** A question asked of a service again and again; its answer, 1 or 0, is a datapoint of a metric. */
export type Probe = Metric & {
  Service: string;
  Path: string;
  /** a status such as `200`, or `any answer` */
  Expect: string;
  IntervalSeconds: number;
  TimeoutSeconds: number;
};

/** 1 when the answer is what the probe expects, else 0. */
export const valueOf = ({ Expect }: Pick<Probe, 'Expect'>, answer: HttpAnswer | string): 0 | 1 => {
  if (typeof answer === 'string') return 0;
  return Expect === 'any answer' || answer.status === Number(Expect) ? 1 : 0;
};

/**
 * Asks once and has the alarms on the metric evaluated. Where there is nothing to ask (nothing deployed, or the product
 * has just started) nothing is recorded or evaluated: that nobody asked is no news of the service.
 */
export const runProbe = async (probe: Probe, service: Service, alarms: Alarms): Promise<void> => {
  const answer = await service.probe(probe.Path, probe.TimeoutSeconds * 1_000);
  if (answer === null) return;
  alarms.record(probe, valueOf(probe, answer));
  alarms.evaluate(probe);
};

/**
 * Runs a probe at its interval, never twice at the same time.
 *
 * @returns stops it, and resolves when nothing of it is under way
 */
export const repeatProbe = (
  probe: Probe,
  run: () => Promise<void>,
  log: (line: string) => void,
): (() => Promise<void>) => {
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= run()
      .catch((error: unknown) => log(`probe of ${probe.Service}${probe.Path}: ${String(error)}`))
      .finally(() => (underWay = null));
  }, probe.IntervalSeconds * 1_000);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
};
