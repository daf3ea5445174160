import { describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/alert/message.ts';
import type { CheckConfig } from '../../../shared/config/config.ts';
import { configOf, standing, town } from '../../harness/town.ts';

const services = Array.from({ length: 10 }, (_, n) => `s${n}`);
const hundred = Array.from({ length: 100 }, (_, n) => n);
const alarmOf = (service: string, n: number): string => `${service}.${n}-smoke`;
const checksOf = (service: string): { [name: string]: CheckConfig } =>
  Object.fromEntries(hundred.map((n) => [`c${n}`, { name: `c${n}`, alarm: alarmOf(service, n), level: 'deploy' }]));

const storm = async (alone: string[]) => {
  const some = services.map((name) => standing(name, { above: null, checks: checksOf(name) }));
  const test = await town({ ...configOf(some), environments: [] });
  const before = test.entries.length;
  for (const name of alone) test.world.broken.add(name);
  let sent = 0;
  for (const n of hundred)
    for (const service of alone) {
      const source = { name: 'aws.cloudwatch', account: '1', region: 'r', id: null, digest: null };
      const detail = { alarm: alarmOf(service, n), value: 'ALARM', at: test.now() };
      await test.append({ kind: 'alarm.changed', source, detail }, `alarm ${(sent += 1)}`);
      if (sent % 17 === 0) await test.forward(1_000);
    }
  await test.forward(20 * 60_000);
  const recorded = test.entries.slice(before).filter(({ kind }) => kind === 'alarm.changed').length;
  const told = test.entries
    .filter(({ kind }) => kind === 'alert.told')
    .map(({ detail }) => detail['message'] as unknown as Message);
  return { recorded, told };
};

describe('a storm of a thousand alarms of ten services within a minute', () => {
  it('is one page for the cause they share, and nothing else, all of it on record', async () => {
    const { recorded, told } = await storm(services);
    expect(recorded).toBe(1_000);
    expect(told.map(({ why, group, alert }) => `${why} ${group}: ${alert.headline}`)).toEqual([
      'page account: 10 of 10 services began to fail together: a cause that no single ladder owns',
    ]);
  }, 120_000);

  it('of two services is two messages of each, and one page when nothing helped', async () => {
    const { told } = await storm(['s1', 's2']);
    for (const group of ['production/s1', 'production/s2'])
      expect(told.filter((message) => message.group === group).map(({ why }) => why)).toEqual([
        'first',
        'news',
        'page',
      ]);
    expect(told).toHaveLength(6);
  }, 120_000);
});
