import type { Background } from '../../shared/alert/background.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage, Trail } from '../../shared/ports.ts';
import { draftOf } from './drafts.ts';

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

const commit = 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4';
const release = {
  id: 'production/shop@e-2',
  commit,
  author: 'Ann',
  subject: 'Sell faster',
  execution: 'e-2',
  since: '2026-11-21T11:56:00.000Z',
  byRollback: false,
};

/** What is looked up for such an alert, but for what is said: the shop fails for a minute, four minutes after a release. */
export const backgroundOf = (over: Partial<Background> = {}): Background => ({
  at: '2026-11-21T12:01:00.000Z',
  began: '2026-11-21T12:00:00.000Z',
  failing: [
    {
      check: 'smoke',
      source: 'alarm shop-smoke',
      since: '2026-11-21T12:00:00.000Z',
      reason: 'Threshold Crossed',
      link: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/shop-smoke',
    },
  ],
  suspects: [
    {
      what: 'a1b2c3d reached production: "Sell faster" by Ann',
      at: '2026-11-21T11:56:00.000Z',
      by: null,
      why: 'a release went out here, 4 min before the first failure, and smoke passed until then',
      seq: 41,
    },
  ],
  failed: {
    what: 'action Smoke in stage Smoke failed: found 500',
    at: '2026-11-21T11:57:00.000Z',
    execution: 'e-2',
    log: 'https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/projects/smoke/build/1/log',
  },
  pull: { id: '12', title: 'Sell faster', author: 'ann', approvedBy: ['bob'] },
  running: release,
  lastGood: {
    ...release,
    id: 'production/shop@e-1',
    commit: '9f8e7d6c9f8e7d6c9f8e7d6c9f8e7d6c9f8e7d6c',
    execution: 'e-1',
  },
  doing: null,
  next: { what: 'the most drastic level that a failing check asks for', at: '2026-11-21T12:01:30.000Z' },
  stop: [{ does: 'you take over, for an hour', command: 'escalator claim production/shop --for 1h --why TEXT' }],
  links: {
    page: 'https://escalator.example.com/#incident=production.shop.5',
    runbook: 'https://wiki.example.com/shop',
  },
  ...over,
});

/** Puts on record that an alert of the shop was raised; answers the message that asks for it to be sent. */
export const raiseOn = async (trail: Trail, alert: Alert, key = 'ladder/production/shop#5'): Promise<AlertMessage> => {
  const raised = draftOf({ kind: 'alert.raised', environment: 'production', service: 'shop', detail: { alert } });
  const [recorded] = await trail.append([{ key, entries: [raised] }]);
  return { segment: recorded?.place.segment ?? -1, seq: recorded?.place.seq ?? -1 };
};
