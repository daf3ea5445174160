import type { HttpAnswer } from './ask.ts';
import type { Metric } from './alarm.ts';
import type { Alarms } from './alarms.ts';
import type { NodeAnswer } from './nodes.ts';
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
 * Asks every node once and has the alarms on the metric evaluated: on that of each node, by its InstanceId besides, and on
 * that of the service. Where there is nothing to ask (nothing deployed, or the product has just started) nothing is recorded
 * or evaluated: that nobody asked is no news of the service.
 */
export const runProbe = async (probe: Probe, service: Service, alarms: Alarms): Promise<void> => {
  const answers = await service.probe(probe.Path, probe.TimeoutSeconds * 1_000);
  if (answers.length === 0) return;
  alarms.record(probe, valueOf(probe, seenByUsers(answers)));
  for (const { instance, answer } of answers) alarms.record(ofNode(probe, instance), valueOf(probe, answer));
  alarms.evaluate(probe);
  for (const { instance } of answers) alarms.evaluate(ofNode(probe, instance));
};

const ofNode = ({ Namespace, MetricName, Dimensions }: Probe, Value: string): Metric => ({
  Namespace,
  MetricName,
  Dimensions: [...Dimensions, { Name: 'InstanceId', Value }],
});

/** A load balancer leaves out nodes that do not answer; of those that do users meet each, and so the worst. */
const seenByUsers = (answers: NodeAnswer[]): HttpAnswer | string => {
  const all = answers.map(({ answer }) => answer);
  const there = all.filter((answer) => typeof answer !== 'string').toSorted((a, b) => b.status - a.status);
  return there[0] ?? all[0] ?? 'no node';
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
