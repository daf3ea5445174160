import { describe, expect, it } from 'vitest';
import { metricLines } from '../../../shared/watch/measures.ts';

const now = '2026-11-21T04:05:00.000Z';

describe('what is found of Escalator itself', () => {
  it('is told as CloudWatch makes metrics of a log line: what is measured, in which unit, and when', () => {
    expect(metricLines({ now, canary: '2026-11-21T04:04:30.000Z', unread: {} })).toEqual([
      {
        _aws: {
          Timestamp: Date.parse(now),
          CloudWatchMetrics: [
            { Namespace: 'Escalator', Dimensions: [[]], Metrics: [{ Name: 'CanaryAge', Unit: 'Seconds' }] },
          ],
        },
        CanaryAge: 30,
      },
    ]);
  });

  it('is told of each reader by itself: how long its oldest unread segment has been there, or that there is none', () => {
    const lines = metricLines({ now, canary: null, unread: { react: '2026-11-21T04:03:00.000Z', 'seal-trail': null } });
    expect(lines).toMatchObject([
      { Reader: 'react', Behind: 120 },
      { Reader: 'seal-trail', Behind: 0 },
    ]);
    expect(lines[0]).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Dimensions: [['Reader']], Metrics: [{ Name: 'Behind', Unit: 'Seconds' }] }] },
    });
  });

  it('is not made up: without a canary nothing is said of its age, and the alarm misses it', () => {
    expect(metricLines({ now, canary: null, unread: {} })).toEqual([]);
  });

  it('is new where two clocks disagree, never younger than that', () => {
    expect(metricLines({ now, canary: '2026-11-21T04:06:00.000Z', unread: {} })).toMatchObject([{ CanaryAge: 0 }]);
  });
});
