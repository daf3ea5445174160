import { describe, expect, it } from 'vitest';
import { alertInputsOf } from '../../../shared/alert/inputs-of.ts';
import { tellersOf, tellersOfGroup } from '../../../shared/alert/route.ts';
import { newsGroup, newsNotice } from '../../../shared/news/notice.ts';
import { isSet, newsSets } from '../../../shared/news/sets.ts';
import { compilePattern } from '../../../shared/pattern/pattern.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { entryOf, newsItem, rulesOf } from '../../harness/news.ts';

const altered: Partial<Draft> = {
  kind: 'trail.altered',
  source: { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
  reason: 'entry 4 is not the one that was signed',
};
const called: Partial<Draft> = {
  kind: 'call',
  source: { name: 'aws.ecs', account: '111122223333', region: 'eu-west-1', id: null, digest: null },
  actor: { type: 'person', id: 'arn:aws:iam::111122223333:user/ada', name: 'ada', verified: true },
  detail: { call: 'UpdateService', service: 'ecs.amazonaws.com' },
};
const mine = newsItem({ name: 'calls', match: { kind: ['call'] }, severity: 'info' });

describe('what is news', () => {
  it('is an entry that the pattern of the news matches', () => {
    expect(rulesOf(entryOf(called), [mine])).toHaveLength(1);
    expect(rulesOf(entryOf(altered), [mine])).toEqual([]);
  });

  it('is of a set what its own pattern leaves of it', () => {
    const narrowed = newsItem({ match: { kind: ['call'] } });
    expect(rulesOf(entryOf(altered), [newsItem()])).toHaveLength(1);
    expect(rulesOf(entryOf(altered), [narrowed])).toEqual([]);
  });

  it('is as loud as the configuration says, where it says so', () => {
    const [asBuilt] = rulesOf(entryOf(altered), [newsItem()]);
    const [asSaid] = rulesOf(entryOf(altered), [newsItem({ severity: 'info' })]);
    expect([asBuilt?.severity, asSaid?.severity]).toEqual(['page', 'info']);
  });

  it('is nothing that alerts put on record: it would be told without end', () => {
    const everything = newsItem({ name: 'all', match: { kind: [{ exists: true }] } });
    for (const kind of ['alert.decided', 'alert.told', 'alert.sent', 'alert.raised'])
      expect(rulesOf(entryOf({ ...altered, kind }), [everything])).toEqual([]);
    expect(rulesOf(entryOf(altered), [everything])).toHaveLength(1);
  });
});

describe('what is no news of today', () => {
  const at = (detail: Draft['detail']) => entryOf({ ...called, detail: { ...called.detail, ...detail } });

  it('is what was replayed, and what is of the time before Escalator', () => {
    expect(rulesOf(at({ replayed: 'drill' }), [mine, newsItem()])).toEqual([]);
    expect(rulesOf(at({ reconciled: 'backfilled' }), [mine, newsItem()])).toEqual([]);
  });

  it('is what was found late; security hears of it all the same, as that', () => {
    const late = at({ reconciled: 'late' });
    expect(rulesOf(late, [mine])).toEqual([]);
    const [rule] = rulesOf(late, [newsItem()]);
    expect(rule && newsNotice(rule, late).alert.headline).toBe(
      'not through the pipeline: late: ada called UpdateService on thing',
    );
  });
});

describe('the group of news', () => {
  const groupOf = (by: string[] | undefined, over: Partial<Draft> = {}): string => {
    const entry = entryOf({ ...called, ...over });
    const [rule] = rulesOf(entry, [{ ...mine, ...(by && { by }) }]);
    return rule === undefined ? '' : newsGroup(rule, entry);
  };

  it('is its kind, environment and service, where nobody says otherwise', () => {
    expect(groupOf(undefined, { environment: 'production', service: 'shop' })).toBe('news:calls/call/production/shop');
  });

  it('is what says the same in all fields that are named', () => {
    expect(groupOf(['actor.name', 'detail.call'])).toBe('news:calls/ada/UpdateService');
    expect(groupOf([])).toBe('news:calls');
  });

  it('has nothing in its name that somebody wrote to break it', () => {
    expect(groupOf(['detail.call'], { detail: { call: 'a/b#9\n' } })).toMatch(/^news:calls\/[0-9a-f]{12}$/);
    expect(groupOf(['detail.call'], { detail: { call: { x: 1 } } })).toMatch(/^news:calls\/[0-9a-f]{12}$/);
    expect(groupOf(['detail.nothing'])).toBe('news:calls/-');
  });
});

describe('an entry that is news', () => {
  const config = { routes: [], topics: { sec: { sns: 'sec' }, sre: { sns: 'sre' } }, news: [newsItem(), mine] };
  const tellers = tellersOf(config);

  it('is an input to the group of each of its rules', () => {
    expect(alertInputsOf(entryOf(called), tellers).map(({ group }) => group)).toEqual([
      'news:security/outside-pipeline/-/-',
      'news:calls/call/-/-',
    ]);
  });

  it('goes where the news say, whatever the routes do', () => {
    const routed = tellersOf({ ...config, routes: [{ match: { severity: ['info'] }, to: 'sre' }] });
    expect(tellersOfGroup(routed, 'news:security/root-used')?.routes.map(({ to }) => to)).toEqual(['sec']);
  });

  it('is all that its topic gets, unless a route names that too', () => {
    const match = { environment: ['production'] };
    expect(tellers.topics).toEqual(['sre']);
    expect(tellersOf({ ...config, routes: [{ match, to: 'sec' }] }).topics).toEqual(['sec', 'sre']);
    expect(tellersOf({ ...config, topics: { sec: { sns: 'sec' } } }).topics).toEqual(['sec']);
  });

  it('is nobody’s once its news stand in the configuration no more', () => {
    expect(tellersOfGroup(tellers, 'news:gone/call')).toBeNull();
  });
});

describe('every rule that is built in', () => {
  const rules = Object.entries(newsSets).flatMap(([set, all]) => all.map((rule) => ({ set, ...rule })));

  it.each(rules)('$set $name has a pattern that EventBridge takes, and without surprises', ({ match }) => {
    expect(compilePattern(match).remarks).toEqual([]);
  });

  it('has a name of its own', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(['__proto__', 'constructor', 'secrity'].map(isSet)).toEqual([false, false, false]);
  });
});
