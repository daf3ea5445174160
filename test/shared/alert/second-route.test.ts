import { describe, expect, it } from 'vitest';
import { byWayOf, secondRouteOf, whySecond } from '../../../shared/alert/second-route.ts';
import { messageAsRaised } from '../../../shared/alert/message.ts';
import { alertOf } from '../../harness/alert.ts';

const topics = { sre: { sns: 'sre' }, lead: { sns: 'lead' }, data: { sns: 'data' }, feed: { sns: 'feed' } };
const route = (to: string, ...escalate: string[]) => ({
  match: { service: ['shop'] },
  to,
  escalate: escalate.map((contact) => ({ to: contact, after: 900_000 })),
});
const routes = [route('sre', 'lead'), route('data')];
const page = { severity: 'page' as const, to: ['sre'] };

describe('the second route of a topic', () => {
  it('is the topic that it names', () => {
    const named = { ...topics, sre: { sns: 'sre', second: 'feed' } };
    expect(secondRouteOf('sre', page, { topics: named, routes })).toBe('feed');
    expect(secondRouteOf('sre', { ...page, severity: 'info' }, { topics: named, routes })).toBe('feed');
  });

  it('is else the first contact behind its routes', () =>
    expect(secondRouteOf('sre', page, { topics, routes })).toBe('lead'));

  it('is else the next topic that alerts are routed to', () =>
    expect(secondRouteOf('data', { ...page, to: ['data'] }, { topics, routes })).toBe('sre'));

  it('is never one that gets the message itself', () => {
    expect(secondRouteOf('sre', { ...page, to: ['sre', 'lead'] }, { topics, routes })).toBe('data');
    const named = { ...topics, sre: { sns: 'sre', second: 'lead' } };
    expect(secondRouteOf('sre', { ...page, to: ['sre', 'lead'] }, { topics: named, routes })).toBeNull();
  });

  it('is none of what is no more than info, and of a feed that no alert is routed to: nobody there expects a page', () => {
    expect(secondRouteOf('sre', { ...page, severity: 'info' }, { topics, routes })).toBeNull();
    expect(secondRouteOf('sre', page, { topics, routes: [route('sre')] })).toBeNull();
    expect(secondRouteOf('feed', { ...page, to: ['feed'] }, { topics, routes })).toBeNull();
  });
});

describe('a message goes by the second route', () => {
  const [since, soon, later] = ['2026-11-21T12:00:00.000Z', '2026-11-21T12:00:59.999Z', '2026-11-21T12:01:00.000Z'];

  it('at once where its topic refuses it', () => expect(whySecond('terminal', since, since)).toBe('refused'));

  it('else once it is a minute old', () => {
    for (const failed of ['retry', 'unknown'] as const) {
      expect(whySecond(failed, since, soon)).toBeNull();
      expect(whySecond(failed, since, later)).toBe('late');
    }
  });

  it('and says why to whoever gets it', () => {
    const message = messageAsRaised(alertOf(), ['sre'], since);
    expect(byWayOf(message, 'sre', 'refused').also[0]).toBe('you get this because topic sre refuses messages');
    expect(byWayOf(message, 'sre', 'late').also[0]).toBe(
      'you get this because topic sre has not taken it for a minute',
    );
  });
});
