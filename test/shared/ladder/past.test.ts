import { describe, expect, it } from 'vitest';
import { goodSince, judgedBy, type Past, passedAt, passedWithin } from '../../../shared/ladder/past.ts';
import { begin, shop } from '../../harness/ladder.ts';

const hour = 3_600_000;
const iso = (ms: number): string => new Date(begin + ms).toISOString();
const span = (from: number, until: number) => ({ from: iso(from), until: iso(until) });
const hours = span(0, 10 * hour);

describe('when an alarm passed, by the history of its changes', () => {
  const change = (at: number, was: string, value: string) => ({ at: iso(at), value, was });

  it('is from each change to OK until the next one', () => {
    const changes = [
      change(2 * hour, 'OK', 'ALARM'),
      change(3 * hour, 'ALARM', 'OK'),
      change(5 * hour, 'OK', 'INSUFFICIENT_DATA'),
      change(6 * hour, 'INSUFFICIENT_DATA', 'OK'),
    ];
    expect(passedWithin(changes, null, hours)).toEqual([
      span(0, 2 * hour),
      span(3 * hour, 5 * hour),
      span(6 * hour, 10 * hour),
    ]);
  });

  it('is all the time where it never changed and is OK now, and never where nobody knows', () => {
    expect(passedWithin([], 'OK', hours)).toEqual([hours]);
    expect(passedWithin([], 'ALARM', hours)).toEqual([]);
    expect(passedWithin([], null, hours)).toEqual([]);
  });

  it('is told by what it was before the first change after the time', () => {
    expect(passedWithin([change(11 * hour, 'OK', 'ALARM')], 'ALARM', hours)).toEqual([hours]);
    expect(passedWithin([change(10 * hour, 'ALARM', 'OK')], 'OK', hours)).toEqual([]);
  });

  it('is not told by a change at its very beginning: what it was then was before', () => {
    expect(passedWithin([change(0, 'ALARM', 'OK')], 'OK', hours)).toEqual([hours]);
  });
});

const both = (node: Past['passed'][string], smoke = [hours]): Past => ({
  ...hours,
  passed: { 'shop-node': node, 'shop-smoke': smoke },
});

describe('a release is good by the history of the alarms', () => {
  const bake = { any: hour, last: hour / 2 };
  const since = (past: Past | null, reachedAt = 0, replacedAt: number | null = null, of = bake) =>
    goodSince(past, shop(), iso(reachedAt), replacedAt === null ? null : iso(replacedAt), of);

  it('from when all of them passed, where they did so for the bake time, to the millisecond', () => {
    expect(since(both([span(hour, 2 * hour)]))).toBe(iso(hour));
    expect(since(both([span(hour, 2 * hour - 1)]))).toBeNull();
    expect(since(both([span(0, hour)], [span(1, 5 * hour)]))).toBeNull();
  });

  it('from when it came, where they passed before it as well', () => {
    expect(since(both([hours]), 3 * hour)).toBe(iso(3 * hour));
    expect(since(both([span(0, 3 * hour)]), 3 * hour, null, { any: 0, last: 0 })).toBeNull();
  });

  it('where it was replaced, after the shorter time right before that', () => {
    const past = both([span(hour, 1.5 * hour)]);
    expect(since(past, 0, 1.5 * hour)).toBe(iso(hour));
    expect(since(past, 0, 2 * hour)).toBeNull();
    expect(since(past, hour + 1, 1.5 * hour)).toBeNull();
  });

  it('never where nobody can say', () => {
    expect(since(null)).toBeNull();
    const told = { name: 'told', fail: { source: ['a'] }, pass: { source: ['b'] }, level: 'deploy' };
    const config = shop({ checks: { ...shop().checks, told } });
    expect(goodSince(both([hours]), config, iso(0), null, bake)).toBeNull();
  });
});

describe('the checks that passed before a release', () => {
  it('are those whose alarm passed at that moment, and not those that just failed', () => {
    const at = (ms: number) => passedAt(both([span(hour, 2 * hour)]), shop(), iso(ms));
    expect(at(hour - 1)).toEqual(['smoke']);
    expect(at(hour)).toEqual(['node', 'smoke']);
    expect(at(2 * hour)).toEqual(['smoke']);
    expect(passedAt(null, shop(), iso(hour))).toEqual([]);
  });
});

describe('a release is judged', () => {
  const judged = (replacedAt: number | null, latest: number, now = latest, any = hour) =>
    judgedBy(iso(0), replacedAt === null ? null : iso(replacedAt), iso(latest), iso(now), { any, last: any });

  it('by a day of its time, or twice the time that it has to stay, and no more', () => {
    expect(judged(null, 5 * hour)).toEqual(span(0, 5 * hour));
    expect(judged(2 * hour, 5 * hour)).toEqual(span(0, 2 * hour));
    expect(judged(null, 99 * hour)).toEqual(span(0, 24 * hour));
    expect(judged(null, 99 * hour, 99 * hour, 20 * hour)).toEqual(span(0, 40 * hour));
  });

  it('not at all before anything is settled, or once the history of alarms, thirty days, is over', () => {
    expect(judged(null, 0)).toBeNull();
    expect(judged(null, 1)).toEqual(span(0, 1));
    expect(judged(null, hour, 720 * hour)).toEqual(span(0, hour));
    expect(judged(null, hour, 720 * hour + 1)).toBeNull();
  });
});
