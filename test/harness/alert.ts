import type { Alert } from '../../shared/ladder/events.ts';

/** An alert of the shop whose smoke check has just begun to fail, but for what is said. */
export const alertOf = (over: Partial<Alert> = {}): Alert => ({
  id: 'production/shop#5',
  incident: 'production.shop.5',
  environment: 'production',
  service: 'shop',
  severity: 'warning',
  headline: 'shop in production: smoke failing',
  change: null,
  author: null,
  subject: null,
  failing: ['smoke'],
  done: [],
  next: 'nothing for 30 s',
  ...over,
});
