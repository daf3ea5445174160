import { alertText } from '../../shared/alert/text.ts';
import { topicsFor } from '../../shared/alert/route.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import type { AlertMessage, Trail } from '../../shared/ports.ts';
import type { Entry, Source } from '../../shared/trail/entry.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnDraft } from '../../shared/trail/own-kinds.ts';

export type SendAlertPorts = {
  trail: Trail;
  config: Pick<Config, 'routes' | 'topics'>;
  source: Source;
  /** publishes to a topic by the name that routes use; answers SNS's message id */
  publish: (topic: string, text: { subject: string; body: string }) => Promise<string>;
};

/**
 * Sends one alert to everybody who is to get it. What was sent is on record, a topic at a time, so that a message
 * that comes again sends only what is left; a crash between sending and recording sends once more: a duplicate
 * alert beats a missed one. Throws when a topic did not take it: the message then comes back.
 */
export const sendAlert =
  (ports: SendAlertPorts) =>
  async ({ segment, seq }: AlertMessage): Promise<void> => {
    const [entry] = await ports.trail.read({ segment, seq, count: 1 });
    if (entry === undefined) throw new Error(`there is no entry ${seq} in segment ${segment}`);
    const alert = entry.detail['alert'] as unknown as Alert;
    const failed: unknown[] = [];
    for (const topic of topicsFor(alert, ports.config))
      await sendTo(ports, topic, alert, entry).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };

const sendTo = async (ports: SendAlertPorts, topic: string, alert: Alert, entry: Entry): Promise<void> => {
  const key = `alert/${alert.id}/${topic}#sent`;
  if ((await ports.trail.find(key)) !== null) return;
  const messageId = await ports.publish(topic, alertText(alert));
  await ports.trail.append([{ key, entries: [sent(ports.source, entry, alert, topic, messageId)] }]);
};

const sent = (source: Source, entry: Entry, alert: Alert, topic: string, messageId: string): OwnDraft =>
  ownDraft({
    kind: 'alert.sent',
    subject: `escalator:alert/${alert.id}`,
    environment: entry.environment,
    service: entry.service,
    outcome: 'sent',
    source,
    detail: { alert: alert.id, incident: alert.incident, topic, messageId },
  });
