import type { Move } from '../../shared/question/moves.ts';

/** A release of the shop, but for what is said; times are minutes after twelve. */
export const moveOf = ({ minute = 0, ...over }: Partial<Move> & { minute?: number } = {}): Move => ({
  seq: 10,
  kind: 'release.reached',
  how: 'released',
  at: minuteAt(minute),
  says: 'a1b2c3d reached production',
  by: { type: 'service', name: 'escalator' },
  environment: 'production',
  service: 'shop',
  subject: 'escalator:ladder/production/shop',
  commit: 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4',
  execution: 'e-2',
  release: 'production/shop@e-2',
  log: null,
  ...over,
});

export const minuteAt = (minute: number): string =>
  new Date(Date.parse('2026-11-21T12:00:00.000Z') + minute * 60_000).toISOString();

/** What a person changed by hand. */
export const byHand = (over: Parameters<typeof moveOf>[0] = {}): Move =>
  moveOf({
    kind: 'target.written',
    how: 'by-hand',
    says: 'ada called UpdateAutoScalingGroup on shop-asg, not through the pipeline',
    by: { type: 'person', id: 'arn:aws:iam::111122223333:user/ada', name: 'ada', verified: true },
    subject: 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:*:autoScalingGroupName/shop-asg',
    release: null,
    execution: null,
    commit: null,
    ...over,
  });
