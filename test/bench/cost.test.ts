import { describe, expect, it } from 'vitest';
import { add, bill, chunks, readPrices, times, total } from '../../bench/cost/bill.ts';
import { metricsIn } from '../../bench/cost/idle.ts';
import { assumed, lambda } from '../../bench/cost/lambda.ts';
import { resourcesOf, standingCosts } from '../../bench/cost/stack.ts';
import { configFile } from '../infra/template.ts';

const prices = readPrices();

describe('a bill', () => {
  it('is what was used times the list price, the dearest line first', () => {
    const lines = bill(prices, { 'sqs.standard': 3_000_000, 'dynamodb.write': 1_000_000, 'kms.key': 2 });
    expect(lines.map(({ item, usd }) => [item, Number(usd.toFixed(3))])).toEqual([
      ['kms.key', 2],
      ['sqs.standard', 1.2],
      ['dynamodb.write', 0.625],
    ]);
    expect(total(lines)).toBeCloseTo(3.825);
  });

  it('cannot be made of what has no price', () =>
    expect(() => bill(prices, { 'quantum.ledger': 1 })).toThrow('quantum.ledger has no price'));

  it('is of prices that each say where they stand, and of when they are', () => {
    expect(prices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const price of Object.values(prices.prices))
      expect(price).toEqual({
        usd: expect.any(Number) as number,
        per: expect.any(Number) as number,
        of: expect.any(String) as string,
        source: expect.stringMatching(/^https:\/\/aws\.amazon\.com\/.+\/pricing\//) as string,
      });
  });

  it('adds and multiplies item by item', () =>
    expect(times(add({ a: 1, b: 2 }, { b: 3 }), 2)).toEqual({ a: 2, b: 10 }));

  it('reckons a request for each 64 KB begun', () => expect([0, 1, 65_536, 65_537].map(chunks)).toEqual([1, 1, 1, 2]));
});

describe('an invocation', () => {
  it('is billed by the millisecond begun, with the part of a CPU that its memory has', () => {
    const { 'lambda.request': requests, 'lambda.second': seconds } = lambda(10, 2);
    const ms = Math.ceil((10 * assumed.wholeCpuMb) / assumed.memoryMb + 2 * assumed.requestMs);
    expect([requests, seconds]).toEqual([1, (ms / 1_000) * 0.5]);
  });
});

describe('metrics in a log', () => {
  it('are counted once by name and values of dimensions, however often they are told', () => {
    const line = (reader: string): string =>
      JSON.stringify({
        _aws: { CloudWatchMetrics: [{ Namespace: 'E', Dimensions: [['Reader']], Metrics: [{ Name: 'Behind' }] }] },
        Reader: reader,
      });
    expect([...metricsIn([line('react'), line('index'), line('react'), 'no metric'])]).toEqual([
      'E Behind Reader=react',
      'E Behind Reader=index',
    ]);
  });
});

describe('an installation that is only there', () => {
  it('costs at most 11 USD a month by its keys, alarms, secrets and polls: what it does while idle costs the rest of 15', () => {
    const lines = bill(prices, standingCosts(resourcesOf(configFile)));
    expect(lines.map(({ item }) => item)).toContain('kms.key');
    expect(total(lines)).toBeLessThanOrEqual(11);
  });
});
