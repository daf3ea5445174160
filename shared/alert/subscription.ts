import { type NewsName, newsNames } from './change/state.ts';
import { attributeOf } from './forms.ts';

/** What somebody wants to hear of a topic; null for what they do not narrow down. */
export type Wanted = {
  /** as commits claim: a name or an address */
  author: string | null;
  /** the authenticated user or session that pushed */
  pusher: string | null;
  /** of changes, only this news */
  only: NewsName[];
};

/**
 * The filter policy of a subscription (SNS Developer Guide, "Message filtering"); null where it wants everything. Their
 * own changes are those that they wrote, or pushed.
 */
export const filterPolicyOf = ({ author, pusher, only }: Wanted): object | null => {
  const whose = [
    ...(author === null ? [] : [{ author: [attributeOf(author)] }]),
    ...(pusher === null ? [] : [{ pusher: [attributeOf(pusher)] }]),
  ];
  const [first] = whose;
  const policy = {
    ...(whose.length > 1 ? { $or: whose } : first),
    ...(only.length > 0 && { change: only }),
  };
  return Object.keys(policy).length === 0 ? null : policy;
};

/** Reads `stopped,rolled-back`; null where one of them is no news. */
export const newsIn = (written: string): NewsName[] | null => {
  const names = written.split(',').map((name) => name.trim());
  const known = newsNames.filter((name) => names.includes(name));
  return known.length === new Set(names).size ? known : null;
};

const forms: [RegExp, string][] = [
  [/^https:\/\//, 'https'],
  [/^http:\/\//, 'http'],
  [/^arn:[\w-]+:sqs:/, 'sqs'],
  [/^arn:[\w-]+:lambda:/, 'lambda'],
  [/^arn:[\w-]+:firehose:/, 'firehose'],
  [/^\+\d{6,15}$/, 'sms'],
  [/^[^\s@:/]+@[^\s@:/]+$/, 'email'],
];

/** The protocol by which SNS reaches an address; null where nothing is known that looks like it. */
export const protocolOf = (endpoint: string): string | null => forms.find(([form]) => form.test(endpoint))?.[1] ?? null;
