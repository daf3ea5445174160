import type { Inventory, Unread } from '../account/inventory.ts';
import { alarmsOf } from '../config/checks.ts';
import { type Config, type LadderConfig, laddersOf } from '../config/config.ts';
import { careful, fails, type Finding } from './finding.ts';
import { type Installation, installationFindings } from './of-installation.ts';
import { type Home, pipelineFindings } from './of-pipelines.ts';
import { targetFindings } from './of-targets.ts';

/** All that was seen, of the account and of the installation. */
export type Seen = {
  inventory: Inventory;
  /** by the environment that is elsewhere what is there; or why nobody could look */
  elsewhere?: { [environment: string]: { inventory: Inventory; home: Home } | { unread: Unread; home: Home } };
  installation: Installation;
  home: Home;
  wantedRules: string[];
};

/**
 * What will not work as the configuration has it, and why, and what to do: the installation first, then ladder by ladder,
 * in each what fails before what is only to be known. What could not be read is said, and nothing is concluded from it.
 */
export const examine = (config: Config, seen: Seen): Finding[] => {
  const { inventory, installation, wantedRules } = seen;
  const findings = [
    ...[...inventory.unread, ...installation.unread].map(notRead),
    ...installationFindings(config, installation, wantedRules),
    ...laddersOf(config).flatMap((ladder) => ladderFindings(ladder, seen)),
  ];
  const order = new Map([null, ...laddersOf(config).map(({ ladder }) => ladder)].map((ladder, at) => [ladder, at]));
  const rank = ({ ladder, weight }: Finding): number => (order.get(ladder) ?? 0) * 2 + (weight === 'fails' ? 0 : 1);
  return findings.toSorted((a, b) => rank(a) - rank(b));
};

/** Each ladder by what is where it is. */
const ladderFindings = (ladder: LadderConfig, { inventory, elsewhere = {}, home }: Seen): Finding[] => {
  const isHere = ladder.elsewhere === undefined;
  const there = isHere ? { inventory, home } : elsewhere[ladder.environment];
  if (there === undefined) return [];
  if ('unread' in there) return [memberNotRead(ladder, there.unread, there.home)];
  const unread = isHere ? [] : there.inventory.unread.map(notRead);
  return [
    ...unread.map((one) => ({ ...one, ladder: ladder.ladder })),
    ...pipelineFindings(ladder, there.inventory, there.home),
    ...targetFindings(ladder, there.inventory),
    ...alarmFindings(ladder, there.inventory),
  ];
};

const memberNotRead = (
  { ladder, environment }: LadderConfig,
  { what, why }: Unread,
  { account, region }: Home,
): Finding =>
  fails(
    ladder,
    'member-not-read',
    `${environment} is in ${account ?? 'another account'} ${region ?? ''}, where nobody could look: ${what}: ${why}`,
    `deploy EscalatorMember-${environment} there with -c looks=ARN of your role, and let that role call sts:AssumeRole`,
  );

/** Who could not look cannot say that all is well. */
const notRead = ({ what, why, denied }: Unread): Finding =>
  fails(
    null,
    'not-read',
    `${what} ${denied ? 'may' : 'could'} not be read: ${why}`,
    denied
      ? 'let the credentials that you use read it, and look again'
      : 'look again; are AWS_REGION and the credentials right?',
  );

const alarmFindings = (ladder: LadderConfig, { alarms, unread }: Inventory): Finding[] => {
  if (unread.some(({ what }) => what === 'alarms')) return [];
  const states = new Map(alarms.map(({ name, state }) => [name, state]));
  return [...new Set(alarmsOf(ladder))].flatMap((name): Finding[] => {
    const state = states.get(name);
    if (state === undefined)
      return [
        fails(
          ladder.ladder,
          'alarm-missing',
          `there is no alarm ${name}: its check stays unknown`,
          'make it, or correct its name',
        ),
      ];
    if (state !== 'INSUFFICIENT_DATA') return [];
    const what = `alarm ${name} has no data: its check is unknown, and nothing is begun for it`;
    return [
      careful(
        ladder.ladder,
        'alarm-without-data',
        what,
        'see that its metric comes, and what it does with missing data',
      ),
    ];
  });
};
