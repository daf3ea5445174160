import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Config, LadderConfig } from '../../shared/config/config.ts';
import { externalIdOf, type Member, type MemberDoes, memberRoleArn, membersOf } from '../../shared/config/member.ts';
import { type ClientConfig, clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/** STS gives a role that was taken from another role's session for an hour at most. */
const heldForSeconds = 3_600;

/**
 * What clients are made with that call in another account or Region: there, in the role that it lets us take. The SDK asks
 * for credentials at the first call, keeps them, and asks again before they end.
 */
export const memberConfig = (environment: Environment, member: Member, does: MemberDoes): ClientConfig => {
  const home = clientConfig(environment);
  const sts = new STSClient(home);
  return { ...home, region: member.region, credentials: () => take(sts, environment, member, does) };
};

const take = async (sts: STSClient, environment: Environment, member: Member, does: MemberDoes) => {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: memberRoleArn(member, does),
      RoleSessionName: 'escalator',
      ExternalId: externalIdOf(environment, member.environment),
      DurationSeconds: heldForSeconds,
    }),
  );
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new Error(`STS gave no credentials for ${memberRoleArn(member, does)}`);
  return { accessKeyId, secretAccessKey, sessionToken, ...(given?.Expiration && { expiration: given.Expiration }) };
};

/**
 * Makes something of clients once for each place that ladders are in, and says which is a ladder's.
 *
 * @param does what is done there, at home too: it says which role is taken elsewhere
 */
export const atEachPlace = <Made>(
  environment: Environment,
  config: Config,
  does: MemberDoes,
  make: (config: ClientConfig) => Made,
): { home: Made; of: (ladder: Pick<LadderConfig, 'environment'>) => Made } => {
  const home = make(clientConfig(environment));
  const members = membersOf(config, environment);
  const elsewhere = new Map(
    members.map((member) => [member.environment, make(memberConfig(environment, member, does))]),
  );
  return { home, of: ({ environment: at }) => elsewhere.get(at) ?? home };
};
