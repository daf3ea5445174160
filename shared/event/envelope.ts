import type { JsonObject } from './fields.ts';

/** One JSON object as it came: an EventBridge event, or one of the other wrappers AWS puts around the same facts. */
export type AwsEvent = JsonObject;

/** Stands in `via` where an event does not say whose it is and its detail-type was taken for that. */
export const withoutSource = 'without-source';

/** An event out of its wrapper, whatever that was. What it does not say is null. */
export type Envelope = {
  /** `aws.codepipeline`; `unknown` where nothing is said, nor can be told from the detail-type */
  source: string;
  detailType: string;
  id: string | null;
  account: string | null;
  region: string | null;
  /** as written; `instant` reads it */
  time: string | null;
  resources: string[];
  detail: JsonObject;
  /** what else stood beside it, such as `additionalAttributes` or `replay-name` */
  beside: JsonObject;
  /** the wrappers it came in, outermost first; empty for an event as EventBridge sends it */
  via: string[];
};
