import { describe, expect, it } from 'vitest';
import type { Below, Stands } from '../../../shared/ladder/calling.ts';
import { decide } from '../../../shared/ladder/decide.ts';
import type { Incident } from '../../../shared/ladder/incident.ts';
import { type Input, noReadings } from '../../../shared/ladder/input.ts';
import { initialState, type LadderState } from '../../../shared/ladder/state.ts';
import { begin, kinds } from '../../harness/ladder.ts';
import { network } from '../../harness/town.ts';

const at = (ms: number): string => new Date(begin + ms).toISOString();
const hour = 3_600_000;
const config = network(['production/shop', 'production/cart']);
const check = { value: 'pass', at: at(0), since: at(0), reason: '' } as const;
const due = at(60_000);

/** An environment that called its two services, and waits for them for an hour. */
const calling = (ended: Below = {}): LadderState => ({
  ...initialState,
  version: 5,
  checks: { provider: check },
  timer: { version: 5, due },
  incident: {
    id: 'production.3',
    openedAt: at(0),
    step: 1,
    plan: ['network'],
    attempt: 1,
    steps: [],
    called: true,
    waitingSince: null,
    phase: { name: 'calling', call: 5, until: at(hour), ended },
  } as unknown as Incident,
});
const climbs: Stands = { by: 'production.3', acting: 'deploy', call: 5, ended: null };
const well: Stands = { ...climbs, acting: null, ended: { status: 'converged', reason: 'it is well' } };
const gone: Stands = { ...well, ended: { status: 'handed-over', reason: 'no capacity' } };
const alarms = { provider: { value: 'pass' as const, at: at(0), reason: '' } };
const timer: Input = { type: 'timer', version: 5, due };
const below: Input = { type: 'below', seq: 9, ladder: 'production/shop' };
const come = (input: Input, stands: Below | null, now = due, state = calling()) =>
  decide(state, input, { ...noReadings, alarms, ...(stands && { below: stands }) }, now, config).events;
const both = (shop: Stands, cart: Stands): Below => ({ 'production/shop': shop, 'production/cart': cart });

describe('an environment that called its services', () => {
  it.each([below, timer])('settles as soon as all have ended, whoever says so: %j', (input) => {
    expect(kinds(come(input, both(well, climbs)))).toEqual(['service.ended']);
    expect(kinds(come(input, both(well, well)))).toEqual(['service.ended', 'service.ended', 'incident.settling']);
  });

  it('calls a person where one was handed over, with why', () => {
    const said = come(below, both(well, gone));
    expect(said.find((event) => event.type === 'incident.closed')).toMatchObject({
      status: 'handed-over',
      reason: 'production/cart was handed over: no capacity',
    });
  });

  it('takes no end of another call for an end of this one, and each end once', () => {
    expect(come(below, both({ ...well, call: 4 }, climbs))).toEqual([]);
    const ended = calling({ 'production/shop': well.ended } as never);
    expect(kinds(come(below, both(well, climbs), due, ended))).toEqual([]);
    expect(kinds(come(below, both(well, well), due, ended))).toEqual(['service.ended', 'incident.settling']);
  });

  it('goes on waiting where they cannot be read', () => {
    expect(come(below, null)).toEqual([]);
    expect(come(timer, null)).toEqual([{ type: 'timer.set', name: 'decide', due: at(120_000) }]);
  });

  it('looks again when its hour is over at the latest, and calls a person then', () => {
    const late = { ...calling(), timer: { version: 5, due: at(hour - 1_000) } };
    const early = come({ ...timer, due: at(hour - 1_000) }, both(well, climbs), at(hour - 1_000), late);
    expect(early.at(-1)).toMatchObject({ type: 'timer.set', due: at(hour) });
    const over = { ...calling(), timer: { version: 5, due: at(hour) } };
    const said = come({ ...timer, due: at(hour) }, both(well, climbs), at(hour), over);
    expect(said.find((event) => event.type === 'incident.closed')).toMatchObject({
      reason: 'production/cart did not end in time',
    });
  });
});
