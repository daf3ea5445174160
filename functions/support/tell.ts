import type { Background } from '../../shared/alert/background.ts';
import { type GroupState, takeIn } from '../../shared/alert/group.ts';
import { inhibitorOf } from '../../shared/alert/inhibit.ts';
import { accountGroup } from '../../shared/alert/inputs-of.ts';
import type { Message } from '../../shared/alert/message.ts';
import type { AlertInput } from '../../shared/alert/notice.ts';
import { mutedIn } from '../../shared/alert/muted.ts';
import { type Tellers, tellersOfGroup } from '../../shared/alert/route.ts';
import { silenceOf } from '../../shared/alert/silences.ts';
import { type AlertReadings, type Decision, decide, nothingRead } from '../../shared/alert/tell.ts';
import { type Config, laddersOf } from '../../shared/config/config.ts';
import type { Clock } from '../../shared/ports.ts';
import type { AlertGroups } from './alert-groups.ts';
import type { Ladders } from './ladders.ts';
import { raced } from './raced.ts';

export type TellPorts = {
  groups: AlertGroups;
  ladders: Pick<Ladders, 'load'>;
  config: Config;
  /** what the configuration says about telling, made ready once */
  tellers: Tellers;
  configDigest: string;
  now: Clock;
  /** what a message says beside what was raised; null where that is not known, and never thrown for */
  background?: (message: Message) => Promise<Background | null>;
};

/**
 * Lets a group take in one input: load, decide, record. Answers the outcome, or that the configuration does not want to
 * hear of the group any more. Throws where the store does, or every race was lost.
 */
export const take = async (ports: TellPorts, group: string, input: AlertInput): Promise<string> => {
  const tellers = tellersFor(ports, group);
  if (tellers === null) return 'nobody-wants-it';
  return raced(`the alerts of ${group} were decided`, async () => {
    const state = await ports.groups.load(group);
    const now = ports.now().toISOString();
    const readings = await gather(ports, { group, state, input, now, tellers });
    const decision = decide(group, state, input, readings, now, tellers);
    if (!decision.recorded) return decision.outcome;
    const on = { input, readings, now, config: ports.configDigest };
    const isFirst = await ports.groups.record(group, state, on, await withBackground(ports, decision));
    return isFirst ? decision.outcome : undefined;
  });
};

/** It decides nothing: it is looked up only for what is told. */
const withBackground = async ({ background }: TellPorts, decision: Decision): Promise<Decision> => {
  const { message } = decision;
  const found = message === null ? null : await background?.(message);
  return message === null || found == null ? decision : { ...decision, message: { ...message, background: found } };
};

/** What a ladder is about to do is told with what it is about: the first message waits for its first decision. */
const tellersFor = ({ config, tellers: all }: TellPorts, group: string): Tellers | null => {
  const tellers = tellersOfGroup(all, group);
  if (tellers === null) return null;
  const { wait } = tellers.timing;
  const quiescence = laddersOf(config).find(({ ladder }) => ladder === group)?.quiescence ?? 0;
  return wait === 0
    ? tellers
    : { ...tellers, timing: { ...tellers.timing, wait: Math.max(wait, quiescence + decidesWithin) } };
};

/** How long after its quiescence a ladder has decided (ms). */
const decidesWithin = 5_000;

type Asked = { group: string; state: GroupState; input: AlertInput; now: string; tellers: Tellers };

/** Nobody has to be asked what silences or explains something that would not be told anyway. */
const gather = async (ports: TellPorts, asked: Asked): Promise<AlertReadings> => {
  const { group, state, input, now, tellers } = asked;
  const { message } = decide(group, state, input, nothingRead, now, tellers);
  const alert = message && takeIn(state, input, now).newest;
  if (alert === null) return nothingRead;
  const [silences, by, muter] = await Promise.all([
    ports.groups.silences(),
    inhibitedBy(ports, group, now),
    mutedBy(ports, group),
  ]);
  const silence = silenceOf(silences, alert, now);
  return { silence: silence && { id: silence.id, until: silence.until }, inhibitedBy: by, mutedBy: muter };
};

/** Of a ladder, who wants nobody told of its alarms: CloudWatch said so with them, and its checks stand by it. */
const mutedBy = async ({ ladders, config }: TellPorts, group: string): Promise<string | null> => {
  const ladder = laddersOf(config).find((one) => one.ladder === group);
  return ladder === undefined ? null : mutedIn(await ladders.load(group), ladder);
};

/** What is larger than a service: its environment, and the account. */
const inhibitedBy = async ({ groups, config }: TellPorts, group: string, now: string): Promise<string | null> => {
  const ladder = config.services.find((service) => service.ladder === group);
  if (ladder === undefined) return null;
  const [above, account] = await Promise.all([
    ladder.above === null ? null : groups.load(ladder.above),
    groups.load(accountGroup),
  ]);
  return inhibitorOf({ ladder: group, above, account, now });
};
