import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDeliveryPolicy } from '../../../local/topics/delivery-policy.ts';
import { delayAfter, httpRetries, queueRetries, type RetryPolicy } from '../../../local/topics/retry-policy.ts';

const delays = (policy: RetryPolicy, tries: number): (number | null)[] =>
  Array.from({ length: tries }, (_, index) => delayAfter(index + 1, policy));

it('over HTTP there are three more tries, 20 s apart', () =>
  expect(delays(httpRetries, 4)).toEqual([20_000, 20_000, 20_000, null]));

/** At once, and each second. */
const atOnce = [0, 0, 0, 1_000, 1_000];
const slower = [1_000, 1_395, 1_946, 2_714, 3_786, 5_282, 7_368, 10_278, 14_337, 20_000];

it('to a queue there are 100,015, as SNS lists them: at once, each second, slower and slower, every 20 s', () => {
  expect(delays(queueRetries, 16)).toEqual([...atOnce, ...slower, 20_000]);
  expect(delayAfter(100_015, queueRetries)).toBe(20_000);
  expect(delayAfter(100_016, queueRetries)).toBeNull();
});

it('the policy of a subscription beats that of its topic, and that beats the usual one', () => {
  const ofTopic = JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 7 } } });
  const own = JSON.stringify({
    healthyRetryPolicy: { numRetries: 5 },
    requestPolicy: { headerContentType: 'text/html' },
  });
  expect(readDeliveryPolicy(undefined, ofTopic).retries.numRetries).toBe(7);
  expect(readDeliveryPolicy(own, ofTopic)).toMatchObject({ retries: { numRetries: 5 }, contentType: 'text/html' });
  expect(readDeliveryPolicy(undefined, undefined).retries).toEqual(httpRetries);
});

it.each([
  [{ numRetries: 101 }, 'at most 100'],
  [{ numRetries: 2, numNoDelayRetries: 3 }, 'the phases'],
  [{ minDelayTarget: 30 }, 'maxDelayTarget'],
  [{ maxDelayTarget: 3_601 }, '3600'],
  [{ minDelayTarget: 0 }, 'minDelayTarget'],
  [{ numRetries: -1 }, 'not negative'],
  [{ backoffFunction: 'fibonacci' }, 'backoffFunction'],
])('%j is refused: %s', (policy, why) =>
  expect(() => readDeliveryPolicy(JSON.stringify({ healthyRetryPolicy: policy }))).toThrow(why),
);

it('no wait is shorter than the least or longer than the most, none is shorter than the one before, and they end', () => {
  const few = fc.integer({ min: 0, max: 30 });
  const policies = fc
    .record({ now: few, least: few, between: few, most: few, min: fc.integer({ min: 1, max: 60 }), span: few })
    .chain((parts) =>
      fc.record({
        parts: fc.constant(parts),
        backoffFunction: fc.constantFrom<RetryPolicy['backoffFunction'][]>(
          'linear',
          'arithmetic',
          'geometric',
          'exponential',
        ),
      }),
    );
  fc.assert(
    fc.property(policies, ({ parts: { now, least, between, most, min, span }, backoffFunction }) => {
      const policy = {
        numRetries: now + least + between + most,
        numNoDelayRetries: now,
        numMinDelayRetries: least,
        numMaxDelayRetries: most,
        minDelayTarget: min,
        maxDelayTarget: min + span,
        backoffFunction,
      };
      const all = delays(policy, policy.numRetries).map(Number);
      expect(all.slice(0, now).every((ms) => ms === 0)).toBe(true);
      expect(all.slice(now).every((ms) => ms >= min * 1_000 && ms <= (min + span) * 1_000)).toBe(true);
      expect(all).toEqual(all.toSorted((one, other) => one - other));
      expect(delayAfter(policy.numRetries + 1, policy)).toBeNull();
    }),
  );
});
