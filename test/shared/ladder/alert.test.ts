import { describe, expect, it } from 'vitest';
import {
  begin,
  broken,
  healthy,
  kinds,
  ladder,
  level,
  shop,
  type TestLadder,
  verifyAll,
} from '../../harness/ladder.ts';
import { alertIn, alertsOf, tell } from '../../harness/orders.ts';
import { calling, standing } from '../../harness/town.ts';

const last = (test: TestLadder) => alertsOf(test).at(-1);
const refused = (): TestLadder => {
  const test = broken();
  test.timer();
  test.result({ outcome: 'refused', reason: 'no' });
  return test;
};

describe('an alert', () => {
  it('names the check, the change and its author, and nothing that does not fail', () => {
    const test = broken();
    expect(alertsOf(test)).toEqual([
      {
        id: `production/shop#${test.state().version}`,
        incident: test.state().incident?.id,
        environment: 'production',
        service: 'shop',
        severity: 'warning',
        headline: 'shop in production: smoke failing',
        change: { repository: 'shop', commit: 'bad' },
        author: 'Ada',
        subject: 'work of bad',
        failing: ['smoke'],
        done: [],
        next: 'nothing for 30 s, then the most drastic level that a failing check asks for',
      },
    ]);
  });

  it('says that it is over where nothing is left to do, and not where a person is needed or nothing was done', () => {
    const healed = broken();
    healed.alarm('smoke', 'pass');
    healed.timer();
    expect(last(healed)).toMatchObject({ over: true, headline: expect.stringContaining('self-healed') as string });
    const converged = broken();
    converged.timer();
    converged.carryOut('r-1');
    converged.alarm('smoke', 'pass');
    verifyAll(converged);
    expect(last(converged)).toMatchObject({ over: true, headline: expect.stringContaining('converged') as string });
    expect(alertsOf(converged).filter((alert) => 'over' in alert)).toHaveLength(1);
    const observed = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'observe' })] })));
    observed.timer();
    for (const test of [observed, refused()]) expect(last(test)).not.toHaveProperty('over');
  });

  it('is about what runs where nothing is suspect, and about no change where nothing was ever put there', () => {
    const test = healthy();
    test.forward(test.config.suspectFor);
    expect(alertIn(test.alarm('smoke', 'fail'))).toMatchObject({ change: { commit: 'good' }, author: 'Ada' });
    expect(alertIn(ladder().alarm('smoke', 'fail'))).toMatchObject({ change: null, author: null, subject: null });
  });

  it('of a hold or a claim says which, whose and why', () => {
    const until = new Date(begin + 2 * 3_600_000).toISOString();
    expect(alertIn(tell(healthy(), { name: 'hold' }))?.headline).toBe('shop in production: held by Ben, it must be');
    expect(alertIn(tell(healthy(), { name: 'claim', until }))?.headline).toBe(
      'shop in production: claimed by Ben, it must be',
    );
  });

  it('of a quarantine says whose word it is, of which commit, and who wrote that, as far as it is known', () => {
    const [came, comes, never] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];
    const test = ladder();
    test.deliver(came);
    test.deliver('good');
    test.sourced('x-comes', comes);
    const told = (name: 'quarantine' | 'release', commit: string) => alertIn(tell(test, { name, of: { commit } }));
    expect(told('quarantine', came)).toMatchObject({
      headline: 'shop in production: Ben quarantined aaaaaaa, it must be',
      change: { commit: came },
      subject: `work of ${came}`,
    });
    expect(told('release', came)).toMatchObject({
      headline: 'shop in production: Ben released aaaaaaa from quarantine, it must be',
      change: { commit: came },
    });
    expect(told('quarantine', comes)).toMatchObject({ change: { commit: comes }, subject: `work of ${comes}` });
    expect(told('quarantine', never)).toMatchObject({ change: { commit: never }, author: null, subject: null });
  });

  it('of a change that contains what is quarantined names both commits as people do', () => {
    const test = healthy();
    tell(test, { name: 'quarantine', of: { commit: 'b'.repeat(40) } });
    const warned = alertIn(test.sourced('x-more', 'd'.repeat(40), 'b'.repeat(40)));
    expect(warned?.headline).toBe('shop in production: ddddddd contains bbbbbbb, which is quarantined here');
  });

  it('names up to three services that are called, and of more how many', async () => {
    const headlineOf = async (count: number): Promise<string | undefined> => {
      const services = Array.from({ length: count }, (_, index) => standing(`s${index}`));
      return (await calling(services)).find(({ headline }) => headline.includes('calling'))?.headline;
    };
    const every = 'production: every shared level is taken, calling';
    expect(await headlineOf(3)).toBe(`${every} production/s0, production/s1, production/s2`);
    expect(await headlineOf(4)).toBe(`${every} 4 services`);
  });

  it('is not raised by a service that its environment adopts with what it was at: the environment tells', () => {
    const service = standing('shop');
    const test = ladder(service);
    test.alarm('smoke', 'fail');
    expect(alertsOf(test)).toHaveLength(1);
    const above = { version: 3, by: 'production.3', call: null };
    const { due, version } = test.state().timer!;
    test.forward(Date.parse(due) - Date.parse(test.now()));
    const said = test.take({ type: 'timer', version, due }, { alarms: test.alarms(), above });
    expect(kinds(said)).toEqual(['ladder.adopted', 'incident.waiting']);
    expect(alertIn(said)).toBeUndefined();
  });
});

describe('people are told', () => {
  it('of the opening, each change of state and the outcome, with commit, author, check, deeds and what comes next', () => {
    const test = broken();
    test.timer();
    test.carryOut('r-1');
    verifyAll(test);
    test.carryOut('r-2');
    test.silently('smoke', 'pass');
    verifyAll(test);
    expect(alertsOf(test).map(({ headline }) => headline)).toEqual([
      'shop in production: smoke failing',
      'shop in production: level deploy, about to redeploy bad',
      'shop in production: every step is taken, settling',
      'shop in production: verifying that it is healthy',
      'shop in production: level deploy, about to roll back to good',
      'shop in production: every step is taken, settling',
      'shop in production: verifying that it is healthy',
      'shop in production: converged, all checks passed 3 times in a row',
    ]);
    expect(alertsOf(test).at(-1)).toMatchObject({
      change: { repository: 'shop', commit: 'bad' },
      author: 'Ada',
      done: ['deploy: redeploy bad (done)', 'deploy: roll back to good (done)'],
    });
  });

  it('that every check passes again, where that ends an attempt before its last level', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { drastic: true })] })));
    test.timer();
    expect(alertsOf(test).at(-1)?.next).toContain('; handed over in 15 min');
    test.silently('smoke', 'pass');
    test.timer();
    expect(alertsOf(test).at(-1)).toMatchObject({
      headline: 'shop in production: every check passes again, settling',
      next: 'verify in 30 s',
    });
  });

  it('once of a wait, however often it looks again', () => {
    const test = broken();
    test.timer();
    for (let again = 0; again < 5; again += 1) {
      test.result({ outcome: 'deferred', reason: 'a newer change is on its way' });
      test.timer();
    }
    expect(alertsOf(test).map(({ headline }) => headline)).toEqual([
      'shop in production: smoke failing',
      'shop in production: level deploy, about to redeploy bad',
      'shop in production: waiting, a newer change is on its way',
    ]);
  });

  it('with a page when a person is needed', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'the kill switch is thrown' });
    expect(alertsOf(test).at(-1)).toMatchObject({ severity: 'page', failing: ['smoke'] });
  });
});
