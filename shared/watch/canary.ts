import type { Instant } from '../trail/entry.ts';

/** Who sends canaries. An event of this source says nothing but that it was sent. */
export const canarySource = 'escalator.canary';
export const canaryDetailType = 'Escalator Canary';

/** What is put on the bus each minute, to be found on the trail a little later. */
export const canaryDetail = (sent: Instant): { sent: Instant } => ({ sent });
