import { describe, expect, it } from 'vitest';
import { callServices, callsNext, notReady, standsOf } from '../../../shared/ladder/calling.ts';
import type { Incident } from '../../../shared/ladder/incident.ts';
import { noReadings } from '../../../shared/ladder/input.ts';
import { initialState } from '../../../shared/ladder/state.ts';
import type { Turn } from '../../../shared/ladder/turn.ts';
import { broken, claim } from '../../harness/ladder.ts';
import { network } from '../../harness/town.ts';

const turnOf = (below: string[], incident: Partial<Incident>, readings: Turn['readings'] = noReadings): Turn => ({
  state: { ...initialState, incident: { id: 'production.3', ...incident } as Incident },
  said: [],
  version: 5,
  now: '2026-11-21T12:00:00.000Z',
  config: network(below),
  readings,
});

describe('a service says to its environment that it is at a level', () => {
  it('from the claim of its step on: what is only intended can still be waited for', () => {
    const test = broken();
    expect(standsOf(test.state()).acting).toBeNull();
    test.timer();
    expect(standsOf(test.state()).acting).toBeNull();
    claim(test);
    expect(standsOf(test.state()).acting).toBe('deploy');
    test.carryOut('r-1');
    expect(standsOf(test.state()).acting).toBeNull();
  });

  it('also where its step has begun and nothing is known of a claim', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(standsOf(test.state()).acting).toBe('deploy');
  });
});

describe('an environment does not begin its own levels', () => {
  const stands = { by: 'production.3', acting: null, call: null, ended: null };
  const why = (below: Turn['readings']['below']) =>
    notReady(turnOf(['production/shop', 'production/cart'], {}, { ...noReadings, ...(below && { below }) }));

  it('before each of its services knows that it is adopted, and has seen its own step through', () => {
    expect(why({ 'production/shop': stands, 'production/cart': stands })).toBeNull();
    expect(why({ 'production/shop': stands })).toBe('production/cart does not know yet that it is adopted');
    expect(why({ 'production/shop': { ...stands, by: 'production.1' }, 'production/cart': stands })).toBe(
      'production/shop does not know yet that it is adopted',
    );
    expect(why({ 'production/shop': stands, 'production/cart': { ...stands, acting: 'deploy' } })).toBe(
      'production/cart is taking its level deploy',
    );
  });

  it('where its services cannot be read', () => {
    expect(why(undefined)).toBe('its services cannot be read');
  });
});

describe('an environment calls its services', () => {
  const step = { level: 'network', did: 'build', reason: '' };
  const calls = (below: string[], incident: Partial<Incident>) => callsNext(turnOf(below, incident));

  it('for an hour', () => {
    const { said } = callServices(turnOf(['production/shop'], {}));
    expect(said[0]).toMatchObject({ type: 'services.called', call: 5, until: '2026-11-21T13:00:00.000Z' });
  });

  it('once, where a step of its own was done, and it has any', () => {
    const done = { steps: [{ ...step, outcome: 'done' as const }] };
    expect(calls(['production/shop'], done)).toBe(true);
    expect(calls([], done)).toBe(false);
    expect(calls(['production/shop'], { ...done, called: true })).toBe(false);
    expect(calls(['production/shop'], { steps: [{ ...step, outcome: 'failed' }] })).toBe(false);
  });
});
