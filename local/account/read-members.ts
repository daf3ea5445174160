import { memberConfig } from '../../functions/support/assume-role.ts';
import { environmentFrom } from '../../functions/support/environment.ts';
import type { Inventory, Unread } from '../../shared/account/inventory.ts';
import type { Config } from '../../shared/config/config.ts';
import { type Home, type Member, memberRole, membersOf, partOf } from '../../shared/config/member.ts';
import { namedIn } from '../../shared/doctor/named.ts';
import { readAccount } from './read-account.ts';
import { unreadOf } from './unread.ts';

/** What is in the account and Region of an environment, or why nobody could look there. */
export type MemberSeen = { home: Home } & ({ inventory: Inventory } | { unread: Unread });

/** Looks into each environment that is elsewhere, in the role that it lends for looking. One that lets nobody in keeps no other. */
export const readMembers = async (config: Config, home: Home): Promise<{ [environment: string]: MemberSeen }> => {
  const seen: { [environment: string]: MemberSeen } = {};
  for (const member of membersOf(config, home)) seen[member.environment] = await readMember(config, home, member);
  return seen;
};

const readMember = async (config: Config, home: Home, member: Member): Promise<MemberSeen> => {
  const { environment, ...place } = member;
  const { region, credentials } = memberConfig({ ...environmentFrom({}), ...home }, member, 'read');
  try {
    const taken = typeof credentials === 'function' ? await credentials() : credentials;
    const named = namedIn(partOf(config, (ladder) => ladder.environment === environment));
    return { home: place, inventory: await readAccount(named, { region, ...(taken && { credentials: taken }) }) };
  } catch (error) {
    return { home: place, unread: unreadOf(`role ${memberRole(environment, 'read')} cannot be taken`, error) };
  }
};
