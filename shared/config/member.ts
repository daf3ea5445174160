import type { Config, LadderConfig, Place } from './config.ts';
import { laddersOf } from './config.ts';

/** An account, and a Region of it. */
export type Home = { account: string; region: string };

/** An environment that is in another account or Region than Escalator: where, by its name. */
export type Member = Home & { environment: string };

/** Every environment that is elsewhere, each once; those that say nothing of it are where Escalator is. */
export const membersOf = (config: Pick<Config, 'environments' | 'services'>, home: Home): Member[] => {
  const members = laddersOf(config).flatMap(({ environment, elsewhere }) =>
    elsewhere === undefined ? [] : [{ environment, ...placeOf(elsewhere, home) }],
  );
  return [...new Map(members.map((member) => [member.environment, member])).values()];
};

/** The ladders that are where Escalator is. */
export const laddersAtHome = (config: Pick<Config, 'environments' | 'services'>): LadderConfig[] =>
  laddersOf(config).filter(({ elsewhere }) => elsewhere === undefined);

/** The part of a configuration that is about some of its ladders. */
export const partOf = (config: Config, isOf: (ladder: LadderConfig) => boolean): Config => ({
  ...config,
  environments: config.environments.filter(isOf),
  services: config.services.filter(isOf),
});

/** The same with every environment where Escalator is. */
export const placedHere = (config: Config): Config => ({
  ...config,
  environments: config.environments.map(({ elsewhere: _, ...ladder }) => ladder),
  services: config.services.map(({ elsewhere: _, ...ladder }) => ladder),
});

/** Where a place is, once it is known where Escalator is: what it leaves out is the same. */
export const placeOf = ({ account, region }: Place, home: Home): Home => ({
  account: account ?? home.account,
  region: region ?? home.region,
});

/** What a ladder's functions do there: look, or act. Whoever decides may look and never act. */
export type MemberDoes = 'read' | 'act';

/** The name of the role that a member lets Escalator take, for one of both. */
export const memberRole = (environment: string, does: MemberDoes): string => `escalator-${environment}-${does}`;

/** The functions that look where an environment is elsewhere, or act there. */
export type LentTo = 'react' | 'take-step' | 'reconcile';

/** The name of the role that a function of Escalator has at home: a member lets these in and nobody else. */
export const homeRole = (name: LentTo, region: string): string => `escalator-${name}-${region}`;

/** What is said beside the role, so that nobody can be talked into taking a role that is not meant for this Escalator. */
export const externalIdOf = ({ account, region }: Home, environment: string): string =>
  `escalator/${account}/${region}/${environment}`;

export const memberRoleArn = ({ account, region, environment }: Member, does: MemberDoes): string =>
  `arn:${partitionOf(region)}:iam::${account}:role/${memberRole(environment, does)}`;

/** AWS General Reference, "Amazon Resource Names": the Regions of China and of the US government are partitions of their own. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
};

/**
 * Whether what happened in an account and Region is of a ladder's. What is of no member is of those at home, in whichever
 * Region: some services tell of the whole account in one of them.
 */
export const isOf = (
  at: Home,
  { elsewhere }: Pick<LadderConfig, 'elsewhere'>,
  { home, members }: { home: Home; members: Member[] },
): boolean => {
  const isAt = (place: Home): boolean => place.account === at.account && place.region === at.region;
  if (elsewhere !== undefined) return isAt(placeOf(elsewhere, home));
  return at.account === home.account && !members.some((member) => isAt(member) && !isHome(member, home));
};

const isHome = (member: Home, home: Home): boolean => member.account === home.account && member.region === home.region;
