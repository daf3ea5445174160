import type {
  ActMessage,
  AlertMessage,
  DescribeMessage,
  Queue,
  TimerMessage,
  Timers,
  Trail,
} from '../../shared/ports.ts';
import { causeAlert } from '../../shared/ladder/cause.ts';
import { eventOf } from '../../shared/ladder/record.ts';
import type { LadderEvent } from '../../shared/ladder/events.ts';
import type { Entry, Instant } from '../../shared/trail/entry.ts';

/** What following the trail sets in motion. Every effect is keyed by the entry, so doing it twice is harmless. */
export type Effects = {
  acts: Queue<ActMessage>;
  alerts: Queue<AlertMessage>;
  describe: Queue<DescribeMessage>;
  timers: Queue<TimerMessage>;
  timerRows: Timers;
  /** puts on record what follows for all ladders together */
  append: Trail['append'];
};

/** An SQS message can be delayed this long; that of a timer farther off comes too early, and is sent again. */
const delayAtMostSeconds = 900;

/** Starts what an entry asks for. Throws when it could not be started: the reader then comes back to the entry. */
export const startEffects = async (effects: Effects, entry: Entry, now: Instant): Promise<void> => {
  if (entry.kind.startsWith('reference.')) return describe(effects, entry);
  if (entry.source.name !== 'escalator') return;
  const { segment, seq } = entry;
  switch (entry.kind) {
    case 'alert.told':
      return effects.alerts.send({ segment, seq });
    case 'comment.due':
      return effects.alerts.send({ segment, seq, comment: true });
    case 'alert.decided':
      return setAlertTimer(effects, entry, now);
    case 'step.intended':
      return act(effects, entry, saidIn<'step.intended'>(entry));
    case 'cause.shared':
    case 'cause.handed-over':
      return void (await effects.append([
        causeAlert(saidIn<'cause.shared' | 'cause.handed-over'>(entry), entry.source),
      ]));
    case 'timer.set':
      return setTimer(effects, entry, saidIn<'timer.set'>(entry).due, now);
    default:
      return;
  }
};

/** What the ladder said, of an entry of that kind. */
const saidIn = <Type extends LadderEvent['type']>(entry: Entry): Extract<LadderEvent, { type: Type }> =>
  eventOf(entry) as Extract<LadderEvent, { type: Type }>;

const describe = async (effects: Effects, entry: Entry): Promise<void> => {
  const { repository, old, refType } = entry.detail;
  // CodeCommit is asked at home: a push of a member is on the record as its event told it.
  if (`escalator/${entry.source.account}/${entry.source.region}` !== entry.origin) return;
  if (entry.change === null || refType !== 'branch' || typeof repository !== 'string') return;
  const { commit } = entry.change;
  const { segment, seq } = entry;
  await effects.describe.send({ repository, commit, old: typeof old === 'string' ? old : null, segment, seq });
};

const act = (effects: Effects, entry: Entry, { intent }: Extract<LadderEvent, { type: 'step.intended' }>) => {
  const message = { ladder: ladderOf(entry), version: versionOf(entry), actKey: intent.actKey, seq: entry.seq };
  return effects.acts.send(message, { group: intent.target, deduplication: intent.actKey });
};

const setTimer = (effects: Effects, entry: Entry, due: Instant, now: Instant): Promise<void> =>
  startTimer(effects, { ladder: ladderOf(entry), version: versionOf(entry), name: 'decide', due }, now);

/** What a timer is called that a group of alerts set, and not a ladder. */
export const alertTimer = 'tell';

const setAlertTimer = async (effects: Effects, entry: Entry, now: Instant): Promise<void> => {
  const { group, due } = entry.detail;
  if (typeof group !== 'string' || typeof due !== 'string') return;
  await startTimer(effects, { ladder: group, version: versionOf(entry), name: alertTimer, due }, now);
};

const startTimer = async (effects: Effects, timer: TimerMessage, now: Instant): Promise<void> => {
  await effects.timerRows.set(timer);
  await sendTimer(effects.timers, timer, now);
};

/**
 * Sends the quick half of a timer, rounded down: what a message comes too early is waited for, and never too late. Telling
 * people hours from now needs no quick half: the row is found within a minute, while a message sent again and again would
 * be one more for each time that it comes twice.
 */
export const sendTimer = async (queue: Queue<TimerMessage>, timer: TimerMessage, now: Instant): Promise<void> => {
  const seconds = Math.max(0, Math.floor((Date.parse(timer.due) - Date.parse(now)) / 1000));
  if (timer.name === alertTimer && seconds > delayAtMostSeconds) return;
  await queue.send(timer, { delaySeconds: Math.min(seconds, delayAtMostSeconds) });
};

/** An environment's own ladder has no service. */
const ladderOf = ({ environment, service }: Entry): string =>
  service === null ? `${environment}` : `${environment}/${service}`;
const versionOf = (entry: Entry): number => Number(entry.detail['version']);
