import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The alarm behind a check of a service, both counted from 0. */
export const alarmOf = (service: number, check: number): string => `s${service}-c${check}`;

/** A configuration of many services that are only watched, each with so many alarms; a message waits for nothing. */
export const configOfMany = (services: number, checks: number): { file: string; remove: () => void } => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-many-'));
  const file = join(dir, 'escalator.yaml');
  const text = {
    version: 1,
    environments: {
      production: { services: Object.fromEntries(numbers(services).map((n) => [`s${n}`, serviceOf(n, checks)])) },
    },
    alerts: { wait: '0s', interval: '1s', routes: [{ match: { environment: ['production'] }, to: 'sre' }] },
    archive: { lock: 'none' },
    topics: { sre: { sns: 'escalator-sre' } },
  };
  writeFileSync(file, JSON.stringify(text)); // JSON is YAML
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) };
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const serviceOf = (service: number, checks: number): object => ({
  pipeline: `s${service}`,
  stage: 'Deploy',
  repository: `s${service}`,
  checks: Object.fromEntries(numbers(checks).map((n) => [`c${n}`, { alarm: alarmOf(service, n), level: 'deploy' }])),
  ladder: [{ level: 'deploy', do: 'redeploy', quiescence: '5m', mode: 'observe' }],
  quiescence: '5m',
});

/** CloudWatch's event of an alarm that begins to fail, as PutEvents takes it. */
export const failing = (alarm: string, at: Date) => ({
  Source: 'aws.cloudwatch',
  DetailType: 'CloudWatch Alarm State Change',
  Time: at,
  Resources: [`arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm}`],
  Detail: JSON.stringify({
    alarmName: alarm,
    state: stateOf('ALARM', at),
    previousState: stateOf('OK', new Date(at.getTime() - 60_000)),
    configuration: { metrics: [] },
  }),
});

const stateOf = (value: string, at: Date): object => ({
  value,
  reason: 'Threshold Crossed: 1 datapoint was greater than the threshold',
  timestamp: at.toISOString().replace('Z', '+0000'),
});
