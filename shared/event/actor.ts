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
 * Who a CloudTrail `userIdentity` names: root and users are persons, a role is a session, a service is a service;
 * a caller of another account, and whatever comes after 2026, is unknown rather than guessed at.
 */
export const actorOfIdentity = (identity: Json | undefined, verified: boolean): Actor => {
  const arn = text(identity, 'arn');
  const type = text(identity, 'type');
  if (type === 'AWSService') return serviceActor(text(identity, 'invokedBy') ?? 'amazonaws.com');
  if (type === 'AssumedRole') return withIssuer(actorOfArn(arn, verified), identity);
  if (type !== null && personal.has(type)) return person(identity, arn, verified);
  const invokedBy = text(identity, 'invokedBy');
  return type === null && invokedBy !== null ? serviceActor(invokedBy) : { type: 'unknown' };
};

const personal = new Set(['Root', 'IAMUser', 'FederatedUser', 'SAMLUser', 'WebIdentityUser', 'IdentityCenterUser']);

const person = (identity: Json | undefined, arn: string | null, verified: boolean): Actor => {
  const root = text(identity, 'type') === 'Root' ? 'root' : null;
  const id = arn ?? text(identity, 'principalId') ?? text(identity, 'accountId');
  const name = root ?? text(identity, 'userName') ?? arn?.split('/').at(-1) ?? id;
  return id === null || name === null ? { type: 'unknown' } : { type: 'person', id, name, verified };
};

/** The issuer's ARN has the role's path, which the session's ARN lacks. */
const withIssuer = (actor: Actor, identity: Json | undefined): Actor => {
  const role = text(identity, 'sessionContext', 'sessionIssuer', 'arn');
  return actor.type === 'role-session' && role !== null ? { ...actor, role } : actor;
};
