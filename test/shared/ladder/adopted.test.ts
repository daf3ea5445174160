import { describe, expect, it } from 'vitest';
import { intends, kinds, level } from '../../harness/ladder.ts';
import { standing, standingDown } from '../../harness/town.ts';

const adopted = { version: 3, by: 'production.3', call: null };
const free = { version: 4, by: null, call: null };

describe('a service that its environment adopts', () => {
  it('asks for no approval any more, and hands nothing over for want of one', () => {
    const test = standingDown(standing('shop', { levels: [level('deploy', { mode: 'ask' })] }));
    test.timer();
    expect(test.state().incident?.phase.name).toBe('asking');
    expect(kinds(test.timer({ above: adopted }))).toEqual(['ladder.adopted', 'incident.waiting']);
    test.forward(900_000);
    expect(kinds(test.timer({ above: adopted }))).toEqual(['incident.waiting']);
    expect(test.state().incident?.phase).toMatchObject({ name: 'waiting', reason: 'adopted by production.3' });
  });

  it('goes on at once where the minute’s reading is the first to say that it is let go', () => {
    const test = standingDown();
    test.timer({ above: adopted });
    const said = test.take({ type: 'read' }, { alarms: test.alarms(), above: free });
    expect(kinds(said).slice(0, 1)).toEqual(['ladder.let-go']);
    expect(intends(said)).toBe('redeploy good');
  });
});
