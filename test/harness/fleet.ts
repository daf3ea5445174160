import type { LevelConfig, ServiceConfig } from '../../shared/config/config.ts';
import type { CheckValue, LadderEvent } from '../../shared/ladder/events.ts';
import type { AlarmReading, Readings } from '../../shared/ladder/input.ts';
import type { ActReadings } from '../../shared/ladder/may-act.ts';
import { claim, ladder, level, shop, type TestLadder } from './ladder.ts';

/** A service of several nodes, whose one alarm has a series for each; and, where nothing else is said, two levels. */
export const fleet = (levels?: LevelConfig[], over: Partial<ServiceConfig> = {}): ServiceConfig =>
  shop({
    checks: {
      node: { name: 'node', alarms: ['shop-nodes'], per: 'InstanceId', level: 'node' },
      smoke: { name: 'smoke', alarm: 'shop-smoke', level: 'deploy' },
    },
    levels: levels ?? [nodeLevel(), level('deploy')],
    ...over,
  });

export const nodeLevel = (over: Partial<LevelConfig> = {}): LevelConfig =>
  level('node', { do: { type: 'replace-instances', group: 'shop-asg' }, ...over });

/** What is read of the alarm where these nodes fail. */
export const nodes = (
  test: TestLadder,
  failing: string[],
  over: Partial<AlarmReading> = {},
): Pick<Readings, 'alarms'> => {
  const value: CheckValue = failing.length > 0 ? 'fail' : 'pass';
  const state = { value, at: test.now(), reason: `${failing.length} fail` };
  return { alarms: { ...test.alarms(), 'shop-nodes': { ...state, failing: { InstanceId: failing }, ...over } } };
};

/** CloudWatch tells that a series of the alarm changed; by what is read then these fail. */
export const told = (test: TestLadder, failing: string[]): readonly LadderEvent[] =>
  test.take({ type: 'series', seq: test.nextSeq(), alarm: 'shop-nodes' }, nodes(test, failing));

/** A ladder whose checks pass and that has a good release. */
export const well = (config: ServiceConfig = fleet()): TestLadder => {
  const test = ladder(config);
  test.alarm('smoke', 'pass');
  told(test, []);
  test.deliver('good');
  test.forward(config.bake);
  test.take({ type: 'read' }, nodes(test, []));
  return test;
};

/** These nodes fail, and the quiescence is over. */
export const down = (failing: string[], config?: ServiceConfig): { test: TestLadder; said: readonly LadderEvent[] } => {
  const test = well(config);
  told(test, failing);
  return { test, said: test.timer(nodes(test, failing)) };
};

/** Somebody takes the act on, while these fail and those are in service. */
export const take = (test: TestLadder, failing: string[], serving: string[], over: Partial<ActReadings> = {}) =>
  claim(test, { instances: serving, ...nodes(test, failing), ...over });
