import type { Actor, Json } from '../trail/entry.ts';
import { text } from './fields.ts';

/**
 * Who an ARN names. `verified` says whether AWS vouches for it: on one machine nobody does.
 *
 * @param arn an IAM or STS identity, e.g. CodeCommit's `callerUserArn`
 */
export const actorOfArn = (arn: string | null, verified: boolean): Actor => {
  const parts = arn === null ? [] : arn.split(':');
  if (arn === null || parts[0] !== 'arn' || parts.length < 6) return { type: 'unknown' };
  const [kind = '', ...path] = parts.slice(5).join(':').split('/');
  if (kind === 'assumed-role') return session(arn, parts, path);
  if (kind === 'root') return { type: 'person', id: arn, name: 'root', verified };
  const isPerson = kind === 'user' || kind === 'federated-user';
  return isPerson ? { type: 'person', id: arn, name: path.at(-1) ?? arn, verified } : { type: 'unknown' };
};

/** `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`: the role's path is not in it. */
const session = (arn: string, parts: string[], [role = '', ...rest]: string[]): Actor => ({
  type: 'role-session',
  id: arn,
  role: `arn:${parts[1]}:iam::${parts[4]}:role/${role}`,
  session: rest.join('/'),
});

export const serviceActor = (name: string): Actor => ({ type: 'service', name });

/**
 * Who a CloudTrail `userIdentity` names: root and users are persons, a role is a session, a service is a service. Of
 * whatever type comes after 2026 only an ARN counts; a caller of another account has none and is unknown.
 */
export const actorOfIdentity = (identity: Json | undefined, verified: boolean): Actor => {
  const arn = text(identity, 'arn');
  const type = text(identity, 'type');
  if (type === 'AWSService') return serviceActor(text(identity, 'invokedBy') ?? 'amazonaws.com');
  if (type === 'AssumedRole') return withIssuer(actorOfArn(arn, verified), identity);
  if (type !== null && personal.has(type)) return person(identity, arn, verified);
  const invokedBy = text(identity, 'invokedBy');
  return type === null && invokedBy !== null ? serviceActor(invokedBy) : actorOfArn(arn, verified);
};

const personal = new Set(['Root', 'IAMUser', 'FederatedUser', 'SAMLUser', 'WebIdentityUser', 'IdentityCenterUser']);

const person = (identity: Json | undefined, arn: string | null, verified: boolean): Actor => {
  const root = text(identity, 'type') === 'Root' ? 'root' : null;
  const userName = text(identity, 'userName');
  const id =
    arn ?? text(identity, 'principalId') ?? text(identity, 'onBehalfOf', 'userId') ?? inAccount(identity, userName);
  const name = root ?? userName ?? arn?.split('/').at(-1) ?? id;
  return id === null || name === null ? { type: 'unknown' } : { type: 'person', id, name, verified };
};

/** All that is said of somebody who failed to sign in. */
const inAccount = (identity: Json | undefined, userName: string | null): string | null => {
  const account = text(identity, 'accountId');
  return account === null || userName === null ? account : `${account}/${userName}`;
};

/**
 * The issuer's ARN has the role's path, which the session's ARN lacks. Where the session has no ARN its principal,
 * `AROA...:session`, names it.
 */
const withIssuer = (actor: Actor, identity: Json | undefined): Actor => {
  const role = text(identity, 'sessionContext', 'sessionIssuer', 'arn');
  if (role === null || !role.startsWith('arn:')) return actor;
  if (actor.type === 'role-session') return { ...actor, role };
  const principal = text(identity, 'principalId');
  const session = principal?.split(':')[1] ?? null;
  return principal === null || session === null ? actor : { type: 'role-session', id: principal, role, session };
};
