import { describe, expect, it } from 'vitest';
import type { ServiceConfig } from '../../../shared/config/config.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import { type AlarmReading, noReadings } from '../../../shared/ladder/input.ts';
import { type PerCheck, readPer } from '../../../shared/ladder/per.ts';
import { limitFor } from '../../../shared/ladder/may-act.ts';
import { railsOf } from '../../../shared/ladder/rails.ts';
import { down, fleet, nodeLevel, nodes, take, told, well } from '../../harness/fleet.ts';
import { healthy, kinds, level } from '../../harness/ladder.ts';
import { alertIn, ben } from '../../harness/orders.ts';
import { columns } from '../../harness/rails.ts';

const at = '2026-11-21T12:00:00.000Z';
const intended = (said: readonly LadderEvent[]) => said.find((event) => event.type === 'step.intended')?.intent;
const endOf = (said: readonly LadderEvent[]) => {
  const closed = said.find((event) => event.type === 'incident.closed');
  return closed === undefined ? null : `${closed.status}: ${closed.reason}`;
};
const waits = (said: readonly LadderEvent[]) => said.find((event) => event.type === 'incident.waiting')?.reason;

describe('what a check per a dimension says', () => {
  const check: PerCheck = { name: 'node', level: 'node', per: 'InstanceId', alarms: ['a', 'b'] };
  const alarm = (value: AlarmReading['value'], failing: string[] = []): AlarmReading => ({
    value,
    at,
    reason: `is ${value}`,
    ...(value === 'fail' && { failing: { InstanceId: failing, constructor: ['i-x'] } }),
  });

  it.each<[string, { [name: string]: AlarmReading }, object]>([
    ['passes where all of its alarms do', { a: alarm('pass'), b: alarm('pass') }, { value: 'pass' }],
    [
      'fails where one does, of what that one says',
      { a: alarm('fail', ['i-2', 'i-1']), b: alarm('unknown') },
      { value: 'fail', targets: ['i-1', 'i-2'], reason: 'a: is fail' },
    ],
    [
      'is unknown where one is',
      { a: alarm('pass'), b: alarm('unknown') },
      { value: 'unknown', reason: 'b: is unknown' },
    ],
    [
      'is unknown where one is not there',
      { a: alarm('pass') },
      { value: 'unknown', reason: 'b: the alarm is not there any more' },
    ],
    [
      'fails of nothing where nobody says of what',
      { a: alarm('fail'), b: alarm('pass') },
      { value: 'fail', targets: [] },
    ],
  ])('%s', (_, alarms, says) => {
    expect(readPer(check, alarms, at)).toMatchObject(says);
  });

  it('is of when the newest of its alarms was read, and of one alarm the words are its own', () => {
    const later = { ...alarm('pass'), at: '2026-11-21T12:01:00.000Z' };
    expect(readPer(check, { a: later, b: alarm('pass') }, at).at).toBe(later.at);
    expect(readPer({ ...check, alarms: ['a'] }, { a: alarm('unknown') }, at).reason).toBe('is unknown');
  });

  it('says why in five hundred characters at most', () => {
    const long = { ...alarm('unknown'), reason: 'x'.repeat(600) };
    expect(readPer(check, { a: long, b: alarm('pass') }, at).reason).toHaveLength(500);
  });

  it('is at most one more than any limit, whatever fails', () => {
    const many = Array.from({ length: 500 }, (_, n) => `i-${n}`);
    expect(readPer(check, { a: alarm('fail', many), b: alarm('pass') }, at).targets).toHaveLength(51);
  });

  it('is told with the incident it opens, and with the alert', () => {
    const said = told(well(), ['i-1']);
    expect(kinds(said)).toEqual(['check.changed', 'incident.opened']);
    expect(said[0]).toMatchObject({ value: 'fail', was: 'pass', per: 'InstanceId', targets: ['i-1'] });
    expect(said[1]).toMatchObject({ failing: ['node'], targets: { node: ['i-1'] } });
    expect(alertIn(said)).toMatchObject({
      headline: 'shop in production: node (i-1) failing',
      targets: { node: ['i-1'] },
    });
  });

  it('is news where something else fails, which is no other value', () => {
    const test = well();
    told(test, ['i-1']);
    const since = test.state().checks['node']?.since;
    test.forward(1_000);
    expect(kinds(told(test, ['i-1', 'i-2']))).toEqual(['check.changed']);
    expect(test.state().checks['node']).toMatchObject({ targets: ['i-1', 'i-2'], since });
    expect(kinds(told(test, ['i-1', 'i-2']))).toEqual([]);
  });

  it('is not believed where it could not be read: the event only says when to look', () => {
    const test = well();
    const said = test.take({ type: 'series', seq: test.nextSeq(), alarm: 'shop-nodes' }, { alarms: null });
    expect(said).toEqual([]);
  });
});

describe('a level that takes what fails', () => {
  it('takes that and nothing else', () => {
    const { test, said } = down(['i-1']);
    expect(intended(said)).toMatchObject({ action: 'replace-instances', group: 'shop-asg', targets: ['i-1'] });
    expect(alertIn(said)?.headline).toContain('level node, about to replace i-1 of shop-asg');
    expect(kinds(take(test, ['i-1'], ['i-1', 'i-2', 'i-3']))).toEqual(['step.claimed']);
  });

  it.each<[string, string[], Parameters<typeof nodeLevel>[0], string]>([
    ['more than its limit', ['i-1', 'i-2'], {}, '2 fail at once (i-1, i-2), and level node takes at most 1'],
    [
      'more than the limit it was given',
      ['i-1', 'i-2', 'i-3', 'i-4'],
      { limit: 3 },
      '4 fail at once (i-1, i-2, i-3 and 1 more), and level node takes at most 3',
    ],
    [
      'what is no plain name',
      ['i-1; rm -rf /'],
      {},
      '"i-1; rm -rf /" fails, which is no name of one InstanceId that could be acted on',
    ],
    ['an option', ['--all'], {}, '"--all" fails, which is no name of one InstanceId that could be acted on'],
  ])('refuses %s, and a person is called', (_, failing, over, reason) => {
    const { said } = down(failing, fleet([nodeLevel(over), level('deploy')]));
    expect(endOf(said)).toBe(`handed-over: ${reason}`);
    expect(alertIn(said)).toMatchObject({ severity: 'page' });
  });

  it('refuses an empty target: its check fails, and nobody says of what', () => {
    const test = well();
    test.take({ type: 'series', seq: test.nextSeq(), alarm: 'shop-nodes' }, nodes(test, [], { value: 'fail' }));
    const said = test.timer(nodes(test, [], { value: 'fail' }));
    expect(endOf(said)).toBe(
      'handed-over: check node fails, and no InstanceId is told that does: an empty target is refused',
    );
  });

  it('refuses what is not in the service it acts on', () => {
    const { test } = down(['i-9']);
    expect(endOf(take(test, ['i-9'], ['i-1', 'i-2']))).toBe(
      'handed-over: i-9 is not in service in shop-asg: what is not there is not acted on',
    );
  });

  it('refuses more than its limit also where that began after it was intended', () => {
    const { test } = down(['i-1']);
    expect(endOf(take(test, ['i-1', 'i-2', 'i-3'], ['i-1', 'i-2', 'i-3']))).toBe(
      'handed-over: 3 fail at once (i-1, i-2, i-3), and level node takes at most 1',
    );
  });

  /** Somebody takes the act on by another configuration than it was intended by. */
  const takenBy = (test: ReturnType<typeof well>, config: ServiceConfig, failing: string[]) => {
    const act = { released: true, ...nodes(test, failing), readAt: test.now(), traffic: null, instances: failing };
    const input = { type: 'claim', actKey: test.actKey(), holder: 'me', attempt: '1' } as const;
    return decide(test.state(), input, { ...noReadings, act }, test.now(), config).events;
  };

  it('refuses more than the limit that the configuration has by then, though a person forced it', () => {
    const test = well(fleet([nodeLevel({ limit: 2 }), level('deploy')]));
    const force = { name: 'force', level: 'node' } as const;
    const order = { type: 'order', seq: test.nextSeq(), order: force, who: ben, why: 'x' } as const;
    expect(intended(test.take(order, nodes(test, ['i-1', 'i-2'])))).toMatchObject({ targets: ['i-1', 'i-2'] });
    expect(kinds(takenBy(test, test.config, ['i-1', 'i-2']))).toEqual(['step.claimed']);
    expect(endOf(takenBy(test, fleet(), ['i-1', 'i-2']))).toBe(
      'handed-over: 2 fail at once (i-1, i-2), and level node takes at most 1',
    );
  });

  it('plans anew where it was meant for all, and a check says by then what fails', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    test.timer();
    expect(waits(takenBy(test, fleet(), ['i-1']))).toBe('i-1 fails, and it was meant for all');
  });

  it('plans anew where what it is meant for fails no more', () => {
    const { test } = down(['i-1']);
    expect(waits(take(test, ['i-2'], ['i-1', 'i-2']))).toBe('i-1 does not fail any more');
    expect(intended(test.timer(nodes(test, ['i-2'])))).toMatchObject({ targets: ['i-2'] });
  });

  it('acts on all only where no check says by name what fails, and a person who forces it is held to its limit', () => {
    const test = well();
    const order = {
      type: 'order',
      seq: test.nextSeq(),
      order: { name: 'force', level: 'node' },
      who: ben,
      why: 'x',
    } as const;
    const forced = intended(test.take(order, nodes(test, [])));
    expect(forced).toMatchObject({ action: 'replace-instances' });
    expect(forced).not.toHaveProperty('targets');
    expect(endOf(take(test, [], ['i-1', 'i-2']))).toBe(
      'handed-over: 2 instances would be replaced at once, and the level takes at most 1',
    );
  });

  it('shows its limit as a guard rail, with how much fails now; one that is told nothing by name has none', () => {
    const rail = (test: ReturnType<typeof well>) =>
      railsOf(test.state(), test.config, test.now()).find(({ name }) => name === 'targets');
    const test = well();
    expect(rail(test)).toMatchObject({ about: 'node', limit: 1, used: 0, closed: false });
    told(test, ['i-1']);
    expect(rail(test)).toMatchObject({ used: 1, closed: false });
    told(test, ['i-1', 'i-2']);
    expect(rail(test)).toMatchObject({ used: 2, closed: true });
    expect(rail(healthy())).toBeUndefined();
    expect(Object.keys(rail(test)!).toSorted()).toEqual(columns);
  });

  it('has no limit at a level that takes nothing by name', () => {
    const checks = { node: { name: 'node', alarms: ['shop-nodes'], per: 'InstanceId', level: 'deploy' } };
    expect(limitFor(fleet(undefined, { checks }), 'deploy')).toBeNull();
    expect(limitFor(fleet(), 'node')).toBe(1);
  });

  it('asks for approval with what it would be done to', () => {
    const { said } = down(['i-1'], fleet([nodeLevel({ mode: 'ask' }), level('deploy')]));
    expect(said.find(({ type }) => type === 'incident.asking')).toMatchObject({ plan: 'replace i-1 of shop-asg' });
  });
});

describe('what took the place of what was given up', () => {
  const configure = level('configure', {
    do: {
      type: 'run-automation',
      document: 'configure',
      role: null,
      parameters: { Zone: ['a'] },
      failing: { parameter: 'Ids', per: 'InstanceId' },
    },
  });
  const stepped = (became?: string[]) => {
    const { test } = down(['i-1'], fleet([nodeLevel(), configure, level('deploy')]));
    take(test, ['i-1'], ['i-1', 'i-2']);
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ ...nodes(test, ['i-1']), outcome: { status: 'done', reason: 'replaced', ...(became && { became }) } });
    return test.timer(nodes(test, []));
  };

  it('is what the next level is given', () => {
    expect(intended(stepped(['i-3']))).toMatchObject({ action: 'run-automation', into: 'Ids', targets: ['i-3'] });
  });

  it('may be nothing: then the next level has nothing to act on and is passed by', () => {
    const said = stepped([]);
    expect(said.find(({ type }) => type === 'step.ended')).toMatchObject({
      level: 'configure',
      outcome: 'already-so',
      reason: 'nothing fails per InstanceId: there is nothing to act on',
    });
    expect(kinds(said)).toContain('incident.settling');
  });
});
