import { present } from '../event/fields.ts';
import type { Instant } from '../trail/entry.ts';
import type { Place, Reread } from './reread.ts';

/** What DescribeStackEvents says of one event of a stack. */
export type StackEventRead = {
  /** the stack's ARN */
  stack: string;
  /** the stack is a resource of itself: then `physical` is its ARN */
  resource: { logical: string; physical: string | null; type: string };
  at: Instant;
  status: string;
  detailed: string | null;
  reason: string | null;
  token: string | null;
};

/** The event that CloudFormation sends of it: of a stack, or of a resource in it. */
export const stackEvent = (
  { stack, resource, at, status, detailed, reason, token }: StackEventRead,
  place: Place,
): Reread => {
  const isStack = resource.type === 'AWS::CloudFormation::Stack' && resource.physical === stack;
  const named = {
    'logical-resource-id': resource.logical,
    'physical-resource-id': resource.physical,
    'resource-type': resource.type,
  };
  return {
    at,
    by: 'cloudformation:DescribeStackEvents',
    event: {
      version: '0',
      'detail-type': `CloudFormation ${isStack ? 'Stack' : 'Resource'} Status Change`,
      source: 'aws.cloudformation',
      ...place,
      time: at,
      resources: [stack],
      detail: present({
        'stack-id': stack,
        ...(isStack ? {} : named),
        'status-details': present({ status, 'status-reason': reason, 'detailed-status': detailed }),
        'client-request-token': token,
      }),
    },
  };
};
