import type { Envelope } from './envelope.ts';
import type { Context } from './fact.ts';

/** Names and addresses of what events speak about. */

const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

/** The event's own resource where it names one of this service, else the ARN made from what it says. */
export const resourceArn = (event: Envelope, service: string, resource: string, context: Context): string =>
  event.resources.find((candidate) => isOf(candidate, service, resource)) ?? arnOf(event, service, resource, context);

const isOf = (candidate: string, service: string, resource: string): boolean => {
  const parts = candidate.split(':');
  return parts[0] === 'arn' && parts[2] === service && parts.slice(5).join(':') === resource;
};

export const arnOf = (event: Envelope, service: string, resource: string, context: Context): string =>
  arnIn({ account: event.account ?? context.account, region: event.region ?? context.region }, service, resource);

/** The ARN of something in an account and Region. */
export const arnIn = (place: { account: string; region: string }, service: string, resource: string): string =>
  `arn:${partitionOf(place.region)}:${service}:${place.region}:${place.account}:${resource}`;

/** The first of the event's resources that is an ARN (of a service, where one is asked for). */
export const firstArn = (event: Envelope, service?: string): string | null =>
  event.resources.find((candidate) => isArnOf(candidate, service)) ?? null;

export const isArnOf = (candidate: string, service?: string): boolean => {
  const parts = candidate.split(':');
  return parts[0] === 'arn' && parts.length >= 6 && (service === undefined || parts[2] === service);
};

/** An account, where nothing narrower is spoken about. */
export const accountArn = (account: string, region: string): string =>
  `arn:${partitionOf(region)}:iam::${account}:root`;
