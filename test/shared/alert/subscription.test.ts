import { describe, expect, it } from 'vitest';
import { filterPolicyOf, newsIn, protocolOf } from '../../../shared/alert/subscription.ts';

const nobody = { author: null, pusher: null, only: [] };

describe('the filter of a subscription', () => {
  it.each([
    [{}, null],
    [{ author: 'ada@example.com' }, { author: ['ada@example.com'] }],
    [{ pusher: 'ada' }, { pusher: ['ada'] }],
    [{ author: 'Ada', pusher: 'ada' }, { $or: [{ author: ['Ada'] }, { pusher: ['ada'] }] }],
    [
      { author: 'Ada', only: ['stopped' as const] },
      { author: ['Ada'], change: ['stopped'] },
    ],
    [{ author: 'Ada\r\n"L"' }, { author: ['Ada "L"'] }],
  ])('of %j wants what is mine, by the names as messages carry them', (wanted, policy) => {
    expect(filterPolicyOf({ ...nobody, ...wanted })).toEqual(policy);
  });
});

it.each([
  ['stopped,rolled-back', ['rolled-back', 'stopped']],
  [' deployed , deployed', ['deployed']],
  ['stopped,nothing', null],
  ['', null],
])('news are read as they are written: %j', (written, news) => {
  expect(newsIn(written)).toEqual(news);
});

it.each([
  ['ada@example.com', 'email'],
  ['https://example.com/hook?a=b@c', 'https'],
  ['http://127.0.0.1:8080/', 'http'],
  ['arn:aws:sqs:us-east-1:000000000000:ada', 'sqs'],
  ['arn:aws-cn:lambda:cn-north-1:000000000000:function:ada', 'lambda'],
  ['arn:aws:firehose:us-east-1:000000000000:deliverystream/ada', 'firehose'],
  ['+4915112345678', 'sms'],
  ['ada', null],
  ['ftp://example.com', null],
])('the protocol of %s is %s', (endpoint, protocol) => {
  expect(protocolOf(endpoint)).toBe(protocol);
});
