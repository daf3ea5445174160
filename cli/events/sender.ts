import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EscalatorError } from '../../shared/errors.ts';
import { type BusEntry, maxBytes, type Parcel } from './parcels.ts';

/** Where a running product takes events, as `GET /api/about` says; `aws` is absent where the SDK finds AWS itself. */
export type Intake = { aws?: string; region: string; queues: { bulk: string } };

/** What is to be sent, and whom to tell what became of it: null when it was put, else why it was refused. */
export type Sending = { parcel: Parcel; ended: (refusal: string | null) => void };

/** PutEvents takes at most this many at once. */
const entriesAtOnce = 10;

/** Puts parcels into the intake, in order: what goes by the bus in as few calls as EventBridge allows. */
export const createSender = (intake: Intake) => {
  const client = clientsFor(intake);
  let waiting: { entry: BusEntry; bytes: number; ended: Sending['ended'] }[] = [];

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const refusals = await putEvents(
      client.bus,
      batch.map(({ entry }) => entry),
    );
    batch.forEach(({ ended }, index) => ended(refusals[index] ?? null));
  };

  const send = async ({ parcel, ended }: Sending): Promise<void> => {
    if (parcel.by === 'none') return ended(parcel.reason);
    if (parcel.by === 'queue') {
      await flush(); // what came before stays before
      return ended(await sendRaw(client.queues, intake.queues.bulk, parcel.body));
    }
    const bytes = waiting.reduce((sum, one) => sum + one.bytes, parcel.bytes);
    if (waiting.length === entriesAtOnce || bytes >= maxBytes) await flush();
    waiting.push({ ...parcel, ended });
  };

  return { send, flush };
};

const clientsFor = ({ aws, region }: Intake) => {
  const local = { region, endpoint: aws, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const config = aws === undefined ? { region } : local;
  return { bus: new EventBridgeClient(config), queues: new SQSClient(config) };
};

/** Why each entry was refused, or null. A call that is refused as a whole refuses each. */
const putEvents = async (bus: EventBridgeClient, entries: BusEntry[]): Promise<(string | null)[]> => {
  try {
    const answer = await bus.send(new PutEventsCommand({ Entries: entries }));
    return entries.map((_, index) => {
      const { ErrorCode, ErrorMessage } = answer.Entries?.[index] ?? {};
      return ErrorCode === undefined ? null : `${ErrorCode}: ${ErrorMessage ?? 'no reason given'}`;
    });
  } catch (error) {
    const refusal = refusalOf(error);
    return entries.map(() => refusal);
  }
};

const sendRaw = async (queues: SQSClient, queue: string, body: string): Promise<string | null> => {
  try {
    await queues.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: body }));
    return null;
  } catch (error) {
    return refusalOf(error);
  }
};

/** AWS's refusal in its own words. Throws ESC-010 when it was not AWS, or what stands in for it, that spoke. */
const refusalOf = (error: unknown): string => {
  const { name, message, $metadata: metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  if (metadata?.httpStatusCode !== undefined) return `${name}: ${message}`;
  throw new EscalatorError('ESC-010', `the intake does not answer: ${message}`, 'is it still running?', {
    cause: error,
  });
};
