import { describe, expect, it } from 'vitest';
import { refused } from '../../../functions/take-step/answers.ts';

const answered = (status: number | undefined, name = 'SomeException'): Error =>
  Object.assign(new Error('so it says'), { name, $metadata: status === undefined ? {} : { httpStatusCode: status } });
const outcomeOf = (error: unknown, busy: string[] = []): string => {
  try {
    return refused(error, busy).outcome;
  } catch (thrown) {
    return thrown === error ? 'not sure' : 'another error';
  }
};

describe('what a service answers to an act', () => {
  it.each([400, 403, 404, 499])('with status %i is sure: nothing was done, and the step failed', (status) => {
    expect(outcomeOf(answered(status))).toBe('failed');
  });

  it.each([undefined, 399, 408, 500, 503])('with status %s is not: it may have been done', (status) => {
    expect(outcomeOf(answered(status))).toBe('not sure');
  });

  it('that it is too busy, or has something else under way, is asked again later', () => {
    expect(outcomeOf(answered(429))).toBe('deferred');
    expect(outcomeOf(answered(400, 'ThrottlingException'))).toBe('deferred');
    expect(outcomeOf(answered(400, 'ConflictException'), ['ConflictException'])).toBe('deferred');
    expect(outcomeOf(answered(400, 'ConflictException'))).toBe('failed');
  });

  it('that is no error of a service is not understood, so that nothing is sure', () => {
    expect(outcomeOf('broken')).toBe('not sure');
    expect(outcomeOf(undefined)).toBe('not sure');
  });
});
