import type { Unread } from '../../shared/account/inventory.ts';

/** What AWS calls it when somebody may not, or is not known. */
const denied =
  /AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized|UnrecognizedClient|ExpiredToken|CredentialsProvider/;

/** Says what could not be read, in AWS's own words. */
export const unreadOf = (what: string, error: unknown): Unread => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { what, why: `${name}: ${message}`.slice(0, 300), denied: denied.test(name) };
};
