import type { LadderEvent } from './events.ts';

/** What people are told of. */
const told = [
  'incident.opened',
  'incident.waiting',
  'incident.asking',
  'services.called',
  'step.intended',
  'incident.settling',
  'incident.verifying',
  'incident.closed',
  'ladder.held',
  'ladder.stopped',
  'ladder.resumed',
  'quarantine.ordered',
  'quarantine.lifted',
  'order.refused',
  'release.revoked',
  'gameday.held',
  'change.warned',
] as const;

export type News = Extract<LadderEvent, { type: (typeof told)[number] }>;

/** Whoever is refused an order is told there and then. Others are told of an approval: they wait for one. */
export const isNews = (event: LadderEvent): event is News =>
  event.type === 'order.refused' ? event.asked === 'approve' : told.some((type) => type === event.type);
