import { again } from '../../shared/alert/again.ts';
import { type Forms, formsOf } from '../../shared/alert/forms.ts';
import { type Message, messageAsRaised } from '../../shared/alert/message.ts';
import { tellersOf, topicsOf } from '../../shared/alert/route.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage, Clock, Trail, Tries } from '../../shared/ports.ts';
import type { Entry, Json, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft, OwnKind } from '../../shared/trail/own-kinds.ts';

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
 * people are told of it by an alert of its own. Throws when a topic did not take it: the message then comes back.
 */
export const sendAlert =
  (ports: SendAlertPorts) =>
  async ({ segment, seq }: AlertMessage): Promise<void> => {
    const [entry] = await ports.trail.read({ segment, seq, count: 1 });
    if (entry === undefined) throw new Error(`there is no entry ${seq} in segment ${segment}`);
    const message = messageIn(entry, ports);
    const failed: unknown[] = [];
    for (const topic of message.to)
      await sendTo(ports, { topic, message, entry, key: `alert/${message.id}/${topic}#sent` }).catch((error: unknown) =>
        failed.push(error),
      );
    if (failed.length > 0) throw failed[0];
  };

/** What is to be sent, and where: a message, or an alert as it was raised where nothing more could be decided of it. */
const messageIn = ({ kind, detail, observedAt }: Entry, { config }: SendAlertPorts): Message => {
  if (kind !== 'alert.raised') return detail['message'] as unknown as Message;
  const alert = detail['alert'] as unknown as Alert;
  return messageAsRaised(alert, topicsOf(alert, tellersOf(config)), observedAt);
};

/** A message on its way to one topic, and the key of the group that says what came of it. */
type Sending = { topic: string; message: Message; entry: Entry; key: string };

const sendTo = async (ports: SendAlertPorts, sending: Sending): Promise<void> => {
  const { topic, key } = sending;
  if ((await ports.trail.find(key)) !== null) return;
  const now = ports.now().toISOString();
  const lastBegun = await ports.tries.begin(key, triesAtMost, now);
  if (lastBegun === null) {
    const messageId = await publish(ports, sending);
    await ports.trail.append([{ key, entries: [draft(ports, sending, 'alert.sent', 'sent', { topic, messageId })] }]);
  } else if (Date.parse(now) - Date.parse(lastBegun) > livesAtMostMs) await giveUp(ports, sending);
  else throw new Error(`alert ${sending.message.id} is being given to ${topic} by others`);
};

/** What failed while somebody lived to hear of it may be tried as often as it takes. */
const publish = async (
  { publish: give, tries, config }: SendAlertPorts,
  { topic, message, key }: Sending,
): Promise<string> => {
  try {
    return await give(topic, formsOf(message, config.topics[topic]?.chat === true));
  } catch (error) {
    await tries.callOff(key).catch(() => {}); // it goes on counting: then it is tried less often, and no more
    throw error;
  }
};

/** Nobody knows whether it arrived. That is an alert of its own; what becomes of that one is only put on record. */
const giveUp = async (ports: SendAlertPorts, sending: Sending): Promise<void> => {
  const { topic, message, key } = sending;
  const unsure = draft(ports, sending, 'alert.unsure', 'unknown', { topic, tries: triesAtMost });
  const next = again({ ...message.alert, id: message.id }, topic, triesAtMost);
  const raised = next === null ? [] : [draft(ports, sending, 'alert.raised', null, { alert: structuredClone(next) })];
  await ports.trail.append([{ key, entries: [unsure, ...raised] }]);
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
