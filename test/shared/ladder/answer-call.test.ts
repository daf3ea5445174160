import { describe, expect, it } from 'vitest';
import type { Above } from '../../../shared/ladder/adopted.ts';
import type { Readings } from '../../../shared/ladder/input.ts';
import { intends, kinds, ladder, level, type TestLadder } from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';
import { standing, standingDown } from '../../harness/town.ts';

const adopted: Above = { version: 3, by: 'production.3', call: null };
const call: Above = { version: 4, by: 'production.3', call: 4 };
/** What the environment's ladder says is read. */
const hear = (test: TestLadder, above: Above, over: Partial<Readings> = {}): string[] =>
  kinds(test.take({ type: 'above', seq: test.nextSeq() }, { alarms: test.alarms(), above, ...over }));
const taken = ['incident.called', 'attempt.started', 'step.intended'];

describe('a service that its environment calls', () => {
  it('takes its levels from the first', () => {
    const test = ladder(standing('shop'));
    test.deliver('good');
    test.silently('smoke', 'fail');
    hear(test, adopted);
    expect(hear(test, call)).toEqual(['ladder.adopted', 'incident.opened', ...taken]);
    expect(hear(test, { ...call, version: 5 })).toEqual([]);
  });

  it('keeps its quiescence first', () => {
    const test = standingDown();
    expect(hear(test, call)).toEqual(['ladder.adopted']);
    test.forward(29_999);
    expect(hear(test, { ...call, version: 5 })).toEqual([]);
    test.forward(1);
    expect(hear(test, { ...call, version: 6 })).toEqual(taken);
  });

  it('sees a step through first that is under way, and its quiescence', () => {
    const test = standingDown();
    test.timer();
    expect(hear(test, call)).toEqual(['ladder.adopted']);
    test.carryOut('r-1');
    test.forward(59_999);
    expect(hear(test, { ...call, version: 5 })).toEqual([]);
    test.forward(1);
    expect(hear(test, { ...call, version: 6 })).toEqual(taken);
  });

  it('takes nothing up while a person holds it', () => {
    const test = standingDown();
    tell(test, { name: 'hold' });
    test.timer();
    expect(hear(test, call)).toEqual(['ladder.adopted']);
    expect(kinds(test.timer({ above: call }))).toEqual(['incident.waiting']);
    expect(test.state().called).toBeNull();
  });

  it('that was handed over stays with the person, and says so to its environment', () => {
    const test = standingDown();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no capacity' });
    expect(hear(test, call)).toEqual(['ladder.adopted', 'call.refused']);
    const ended = { status: 'handed-over', reason: 'no capacity' };
    expect(test.state().called).toEqual({ by: 'production.3', call: 4, incident: null, ended });
    expect(test.versions.at(-1)?.decision.events).toContainEqual({
      type: 'call.refused',
      by: 'production.3',
      call: 4,
      ...ended,
    });
  });

  it('that only observed has said what it would do', () => {
    const test = standingDown(standing('shop', { levels: [level('deploy', { mode: 'observe' })] }));
    test.timer();
    expect(hear(test, call)).toEqual(['ladder.adopted', 'call.refused']);
    expect(test.state().called?.ended).toEqual({ status: 'observed', reason: 'level deploy only observes' });
  });

  it('takes nothing up on what was not just read: the environment may say something else by now', () => {
    const test = standingDown();
    tell(test, { name: 'hold' });
    test.timer();
    hear(test, call);
    expect(kinds(tell(test, { name: 'resume' }))).toEqual(['ladder.resumed']);
    expect(hear(test, { ...call, version: 5 }, { alarms: null })).toEqual([]);
    expect(hear(test, { ...call, version: 5 })).toEqual(taken);
  });

  it('goes on from its first level where it had to wait, though a later one alone fails', () => {
    const levels = [level('configure', { do: { type: 'run-automation', document: 'd', role: null, parameters: {} } })];
    const test = standingDown(standing('shop', { levels: [...levels, level('deploy')] }));
    test.forward(30_000);
    expect(hear(test, call)).toEqual(['ladder.adopted', ...taken]);
    expect(intends(test.versions.at(-1)?.decision.events ?? [])).toBe('run SSM document d');
    test.result({ outcome: 'deferred', reason: 'busy' });
    expect(intends(test.timer({ above: call }))).toBe('run SSM document d');
  });
});
