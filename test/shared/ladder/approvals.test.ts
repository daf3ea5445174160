import { describe, expect, it } from 'vitest';
import type { LadderEvent } from '../../../shared/ladder/events.ts';
import type { Order } from '../../../shared/ladder/input.ts';
import { releasesKept } from '../../../shared/ladder/reached.ts';
import { pushesKept } from '../../../shared/ladder/state.ts';
import type { Actor } from '../../../shared/trail/entry.ts';
import { broken, healthy, intends, kinds, level, shop, type TestLadder } from '../../harness/ladder.ts';
import { ben, person, refusalIn, tell } from '../../harness/orders.ts';

const refusalOf = (...told: Parameters<typeof tell>): string => refusalIn(tell(...told));
const approve = (test: TestLadder): Order => ({ name: 'approve', incident: test.state().incident?.id ?? '' });
const asking = (over = {}): TestLadder => {
  const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })], ...over })));
  test.timer();
  return test;
};
const drastic = (over = {}): TestLadder => {
  const levels = [level('node'), level('deploy', { drastic: true })];
  const test = broken(healthy(shop({ levels, ...over })));
  test.timer();
  return test;
};

describe('a level that asks', () => {
  it('puts its plan to people and does nothing', () => {
    const test = asking();
    expect(test.state().incident?.phase).toMatchObject({ name: 'asking', level: 'deploy', needs: 1 });
    expect(kinds(test.timer())).toEqual([]);
  });

  it('is taken when one person approves, the author too', () => {
    expect(intends(tell(asking(), approve(asking()), person('Ada')))).toBe('redeploy bad');
  });

  it('hands over when nobody approves in time', () => {
    const test = asking();
    test.forward(900_000);
    expect(kinds(test.timer())).toEqual(['incident.closed']);
    expect(test.state().hold?.reason).toBe('nobody approved level deploy in time');
  });

  it('asks no more when the checks pass', () => {
    const test = asking();
    test.silently('smoke', 'pass');
    expect(kinds(test.timer())).toContain('incident.settling');
  });

  it('asks anew in the next attempt, and not again for what only had to wait', () => {
    const test = asking();
    tell(test, approve(test));
    test.result({ outcome: 'deferred', reason: 'busy' });
    expect(intends(test.timer())).toBe('redeploy bad');
    test.result({ outcome: 'failed', reason: 'no' });
    expect(test.state().incident?.phase.name).toBe('asking');
  });

  it.each<[string, (test: TestLadder) => Order, string]>([
    ['of another incident', () => ({ name: 'approve', incident: 'production.shop.999' }), 'asks for no approval'],
    ['after its time', (test) => (test.forward(900_000), approve(test)), 'it was asked for until'],
  ])('refuses an approval %s', (_, order, reason) => {
    const test = asking();
    expect(refusalOf(test, order(test))).toContain(reason);
  });

  it('refuses the approval of nobody known', () => {
    const test = asking();
    expect(refusalOf(test, approve(test), { type: 'unknown' })).toBe('it is not known who approves');
  });
});

describe('a drastic level', () => {
  it('asks whatever its mode, and not its author', () => {
    const test = drastic();
    expect(test.state().incident?.phase.name).toBe('asking');
    expect(refusalOf(test, approve(test), person('Ada'))).toBe('Ada wrote the change: somebody else must approve');
    expect(intends(tell(test, approve(test)))).toBe('redeploy bad');
  });

  const pushed = (test: TestLadder, commit: string, who: Actor) =>
    test.take({ type: 'pushed', seq: test.nextSeq(), commit, who });

  it.each<[string, Actor]>([
    ['the very same', { type: 'person', id: 'arn:aws:iam::1:user/ben', name: 'ben', verified: true }],
    ['in a role', { type: 'role-session', id: 'arn:aws:sts::1:assumed-role/Dev/ben', role: 'Dev', session: 'ben' }],
    ['by mail', { type: 'person', id: 'x', name: 'Ben@example.com', verified: false }],
  ])('asks nobody who pushed the change, whoever is said to have written it: %s', (_, pusher) => {
    const test = drastic();
    pushed(test, 'bad', pusher);
    expect(refusalOf(test, approve(test))).toBe('Ben pushed the change: somebody else must approve');
    expect(intends(tell(test, approve(test), person('Cy')))).toBe('redeploy bad');
  });

  it('minds who pushed what runs, not who pushed something else', () => {
    const test = drastic();
    pushed(test, 'other', ben);
    expect(intends(tell(test, approve(test)))).toBe('redeploy bad');
  });

  it('does not forget who pushed what came here, however much is pushed', () => {
    const test = drastic();
    pushed(test, 'bad', ben);
    for (let n = 0; n < 3 * pushesKept; n += 1) pushed(test, `c${n}`, person('Cy'));
    expect(test.state().pushed).toHaveLength(pushesKept + 1);
    expect(pushesKept).toBe(100);
    expect(refusalOf(test, approve(test))).toContain('Ben pushed the change');
  });

  it('does not forget it either once so much was on its way that nobody knows how it came', () => {
    const test = drastic();
    pushed(test, 'bad', ben);
    for (let n = 0; n < releasesKept; n += 1) test.sourced(`x-${n}`, `c${n}`);
    for (let n = 0; n < 3 * pushesKept; n += 1) pushed(test, `d${n}`, person('Cy'));
    expect(refusalOf(test, approve(test))).toContain('Ben pushed the change');
  });

  it('does not forget who pushed what is on its way', () => {
    const test = drastic();
    test.sourced('x-way', 'way');
    pushed(test, 'way', ben);
    for (let n = 0; n < 3 * pushesKept; n += 1) pushed(test, `e${n}`, person('Cy'));
    test.stage('x-way');
    expect(refusalOf(test, approve(test))).toContain('Ben pushed the change');
  });

  it('takes note of a push once, and of none by nobody known', () => {
    const test = drastic();
    expect(kinds(pushed(test, 'bad', ben))).toEqual(['change.pushed']);
    expect(kinds(pushed(test, 'bad', ben))).toEqual([]);
    expect(kinds(pushed(test, 'bad', { type: 'unknown' }))).toEqual([]);
    expect(kinds(pushed(test, 'bad', person('Cy')))).toEqual(['change.pushed']);
  });

  it('is not its own approval where somebody forces it who pushed the change', () => {
    const test = healthy(shop({ levels: [level('deploy', { drastic: true })] }));
    pushed(test, 'good', ben);
    tell(test, { name: 'force', level: 'deploy' });
    expect(test.state().incident?.phase.name).toBe('asking');
  });

  it('is not approved by whoever read of another level', () => {
    const test = drastic();
    const order: Order = { name: 'approve', incident: test.state().incident?.id ?? '', level: 'node' };
    expect(refusalOf(test, order)).toBe('it asks for level deploy, no longer for "node"');
    expect(intends(tell(test, { ...order, level: 'deploy' }))).toBe('redeploy bad');
  });

  it('tells people of an approval that does not count, and what is still asked for', () => {
    const test = drastic({ approvers: 2 });
    tell(test, approve(test));
    const alertOf = (events: readonly LadderEvent[]) =>
      events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : []))[0];
    const alert = alertOf(tell(test, approve(test), person('Ada')));
    expect(alert).toMatchObject({
      severity: 'info',
      headline:
        'shop in production: the approval of Ada does not count, Ada wrote the change: somebody else must approve',
    });
    expect(alert?.next).toMatch(
      /^nothing until one person approves: escalator approve \S+ --level deploy --why TEXT; /,
    );
    expect(alertOf(tell(healthy(), { name: 'approve', incident: 'production.shop.1' }))).toBeUndefined();
    expect(alertOf(tell(test, { name: 'force', level: 'moon' }))).toBeUndefined();
  });

  it('may want two, and one of them not twice', () => {
    const test = drastic({ approvers: 2 });
    expect(kinds(tell(test, approve(test)))).toEqual(['step.approved']);
    expect(refusalOf(test, approve(test))).toBe('Ben approved it already');
    expect(intends(tell(test, approve(test), person('Cy')))).toBe('redeploy bad');
  });
});
