import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/event/instant.ts';
import { fixture } from './harness.ts';

describe('the time of a fact', () => {
  it.each([
    ['2026-11-20T09:17:05Z', '2026-11-20T09:17:05.000Z'],
    ['2026-11-20T09:17:05.123+0000', '2026-11-20T09:17:05.123Z'],
    ['2026-11-20T11:17:05.5+02:00', '2026-11-20T09:17:05.500Z'],
    ['2026-11-20T09:17:05.123456789Z', '2026-11-20T09:17:05.123Z'],
    ['2026-11-20T09:17Z', '2026-11-20T09:17:00.000Z'],
    ['2028-02-29T23:30:00-02:00', '2028-03-01T01:30:00.000Z'],
    ['2026-11-30T01:30:00+05:00', '2026-11-29T20:30:00.000Z'],
    ['2026-11-30T24:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['2026-11-20T09:17:05', '2026-11-20T09:17:05.000Z'],
    ['Sep 1, 2017 4:12:29 PM', '2017-09-01T16:12:29.000Z'],
    ['Sep 1, 2017 12:12:29 AM', '2017-09-01T00:12:29.000Z'],
    ['Mar 20, 2023, 6:08:05 PM', '2023-03-20T18:08:05.000Z'],
    ['Wed Sep 04 16:59:44.356 UTC 2024', '2024-09-04T16:59:44.356Z'],
    ['Tue Oct 10 21:32:51 UTC 2023', '2023-10-10T21:32:51.000Z'],
    ['Thu, 1 Nov 2018 22:00:00 GMT', '2018-11-01T22:00:00.000Z'],
    [1_795_166_225, '2026-11-20T09:17:05.000Z'],
    [1_795_166_225_123, '2026-11-20T09:17:05.123Z'],
  ])('is read from %s', (written, read) => {
    expect(instant(written)).toBe(read);
  });

  it.each([
    '',
    'yyyy-mm-ddThh:mm:ssZ',
    '0',
    '2026-13-01T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-02-29T10:00:00Z',
    '2026-04-31T23:30:00-02:00',
    '2026-04-31T01:30:00+05:00',
    'Feb 30, 2026 4:12:29 PM',
    'Wed Feb 30 16:59:44.356 UTC 2026',
    'Thu, 31 Nov 2018 22:00:00 GMT',
    '1970-01-01T00:00:00Z',
    '3000-03-10T11:09:38Z',
    '9999-12-31T23:59:59Z',
    null,
    true,
    0,
    -1,
    1e300,
  ])('is not made up from %s', (written) => {
    expect(instant(written)).toBeNull();
  });

  it('that makes no sense is kept as it was written', () => {
    expect(fixture('odd/absurd-time.json')).toMatchObject({
      occurredAt: null,
      detail: { claimedTime: '3026-11-20T09:12:33Z' },
    });
  });

  it.each([
    ['cloudwatch/alarm-failing.json', '2026-11-20T09:17:05.123Z'],
    ['codebuild/build-phase-failed.json', '2026-11-20T09:13:58.000Z'],
    ['inspector2/finding-active.json', '2026-11-20T15:00:44.356Z'],
    ['inspector2/finding-closed.json', '2026-11-20T18:08:05.000Z'],
    ['ecs/deployment-failed.json', '2026-11-20T16:59:59.500Z'],
    ['codepipeline/stage-started.json', '2026-11-20T09:15:00.000Z'],
  ])('of %s is the best the event has', (file, at) => {
    expect(fixture(file).occurredAt).toBe(at);
  });
});
