import type { Operations } from '../endpoint/operations.ts';
import type { Answer } from '../endpoint/wire/call.ts';
import type { Signer } from './signer.ts';

/** What a link in a message may ask for without a signature: whoever was sent it has it. */
const linked = ['ConfirmSubscription', 'Unsubscribe'];

/**
 * Answers who follows a link of a message; null for an address that is none.
 *
 * @param path with its query
 * @throws AwsError what the operation refuses
 */
export const visit = (
  operations: Operations,
  { path: certificatePath, certificate }: Signer,
  path: string,
): Answer | null => {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  if (pathname === certificatePath)
    return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate };
  const action = searchParams.get('Action') ?? '';
  if (pathname !== '/' || !linked.includes(action)) return null;
  const answer = operations[action]?.(Object.fromEntries(searchParams)) as { SubscriptionArn?: string };
  const done = action === 'Unsubscribe' ? 'Unsubscribed.' : `Subscription confirmed: ${answer.SubscriptionArn ?? ''}`;
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${done}\n` };
};
