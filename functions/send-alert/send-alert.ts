import { again } from '../../shared/alert/again.ts';
import { type Forms, formsOf } from '../../shared/alert/forms.ts';
import { type Message, messageAsRaised } from '../../shared/alert/message.ts';
import { tellersOf, topicsOf } from '../../shared/alert/route.ts';
import { byWayOf, secondRouteOf, type WhySecond, whySecond } from '../../shared/alert/second-route.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage, Clock, Trail, Tries } from '../../shared/ports.ts';
import type { Entry, Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft, OwnKind } from '../../shared/trail/own-kinds.ts';
import { failureClass } from '../../shared/watch/failure.ts';

export type SendAlertPorts = {
  trail: Trail;
  tries: Tries;
  config: Pick<Config, 'timing' | 'routes' | 'topics' | 'developers'>;
  source: Source;
  now: Clock;
  /** publishes to a topic by the name that routes use, once; answers SNS's message id */
  publish: (topic: string, forms: Forms) => Promise<string>;
};

/** How often an alert may be given to a topic whose answer nobody put on record: a duplicate beats a missed alert. */
export const triesAtMost = 3;
/** A sender that has not put an answer on record for so long (ms) does not live any more. */
export const livesAtMostMs = 120_000;

/**
 * Sends one alert to everybody who is to get it. What was sent is on record, a topic at a time, so that a message
 * that comes again sends only what is left. A crash between sending and recording sends once more, up to three times in
 * all: each is counted before it is begun. Where the last of them was not heard of either, that is put on record, and
 * people are told of it by an alert of its own. Throws when a topic did not take it: the message then comes back, and
 * meanwhile goes by a second route. Topics are published to side by side: one that hangs holds up no other.
 */
export const sendAlert =
  (ports: SendAlertPorts) =>
  async ({ segment, seq }: AlertMessage): Promise<void> => {
    const [entry] = await ports.trail.read({ segment, seq, count: 1 });
    if (entry === undefined) throw new Error(`there is no entry ${seq} in segment ${segment}`);
    const message = messageIn(entry, ports);
    const sent = await Promise.allSettled(
      message.to.map((topic) => sendTo(ports, { topic, message, entry, insteadOf: null })),
    );
    for (const one of sent) if (one.status === 'rejected') throw one.reason;
  };

/** What is to be sent, and where: a message, or an alert as it was raised where nothing more could be decided of it. */
const messageIn = ({ kind, detail, observedAt }: Entry, { config }: SendAlertPorts): Message => {
  if (kind !== 'alert.raised') return detail['message'] as unknown as Message;
  const alert = detail['alert'] as unknown as Alert;
  return messageAsRaised(alert, topicsOf(alert, tellersOf(config)), observedAt);
};

/** A message on its way to one topic; where that is a second route, instead of which other topic, and why. */
type Sending = {
  topic: string;
  message: Message;
  entry: Entry;
  insteadOf: { topic: string; why: WhySecond } | null;
};

/** The key of the group that says what came of it. */
const keyOf = ({ message, topic }: Sending): string => `alert/${message.id}/${topic}#sent`;

const sendTo = async (ports: SendAlertPorts, sending: Sending): Promise<void> => {
  const key = keyOf(sending);
  if ((await ports.trail.find(key)) !== null) return;
  const now = ports.now().toISOString();
  const lastBegun = await ports.tries.begin(key, triesAtMost, now);
  if (lastBegun === null) await give(ports, sending);
  else if (Date.parse(now) - Date.parse(lastBegun) > livesAtMostMs) await giveUp(ports, sending);
  else throw new Error(`alert ${sending.message.id} is being given to ${sending.topic} by others`);
};

const give = async (ports: SendAlertPorts, sending: Sending): Promise<void> => {
  const { topic, insteadOf } = sending;
  const given = await publish(ports, sending);
  if ('failed' in given) {
    await bySecondRoute(ports, sending, given.failed).catch(() => {}); // it comes back with the first
    throw given.failed;
  }
  const instead = insteadOf && { insteadOf: insteadOf.topic, why: insteadOf.why };
  const sent = draft(ports, sending, 'alert.sent', 'sent', { topic, messageId: given.messageId, ...instead });
  await ports.trail.append([{ key: keyOf(sending), entries: [sent] }]);
};

/** What failed while somebody lived to hear of it may be tried as often as it takes. */
const publish = async (
  { publish: giveTo, tries, config }: SendAlertPorts,
  sending: Sending,
): Promise<{ messageId: string } | { failed: unknown }> => {
  const { topic, message } = sending;
  try {
    return { messageId: await giveTo(topic, formsOf(message, config.topics[topic]?.chat === true)) };
  } catch (failed) {
    await tries.callOff(keyOf(sending)).catch(() => {}); // it goes on counting: then it is tried less often, and no more
    return { failed };
  }
};

/** Its own topic goes on being tried: who subscribes there is told as well, once it takes messages again. */
const bySecondRoute = async (ports: SendAlertPorts, sending: Sending, failed: unknown): Promise<void> => {
  const { topic, message, entry, insteadOf } = sending;
  const why = whySecond(failureClass(failed), entry.observedAt, ports.now().toISOString());
  const second = secondRouteOf(topic, message, ports.config);
  if (insteadOf !== null || why === null || second === null) return;
  await sendTo(ports, { topic: second, message: byWayOf(message, topic, why), entry, insteadOf: { topic, why } });
};

/** Nobody knows whether it arrived. That is an alert of its own; what becomes of that one is only put on record. */
const giveUp = async (ports: SendAlertPorts, sending: Sending): Promise<void> => {
  const { topic, message } = sending;
  const unsure = draft(ports, sending, 'alert.unsure', 'unknown', { topic, tries: triesAtMost });
  const next = again({ ...message.alert, id: message.id }, topic, triesAtMost);
  const raised = next === null ? [] : [draft(ports, sending, 'alert.raised', null, { alert: structuredClone(next) })];
  await ports.trail.append([{ key: keyOf(sending), entries: [unsure, ...raised] }]);
};

const draft = (
  { source }: SendAlertPorts,
  { message, entry: { environment, service } }: Sending,
  kind: OwnKind,
  outcome: string | null,
  detail: { [field: string]: Json },
): OwnDraft =>
  ownDraft({
    kind,
    subject: `escalator:alert/${message.id}`,
    environment,
    service,
    outcome,
    source,
    detail: { alert: message.id, incident: message.alert.incident, ...detail },
  });
