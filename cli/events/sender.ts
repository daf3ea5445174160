import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EscalatorError } from '../../shared/errors.ts';
import { type BusEntry, maxBytes, type Parcel } from './parcels.ts';

/** Where a running product takes events, as `GET /api/about` says; `aws` is absent where the SDK finds AWS itself. */
export type Intake = { aws?: string; region: string; queues: { bulk: string } };

/** What is to be sent, and whom to tell what became of it: null when it was put, else why it was refused. */
export type Sending = { parcel: Parcel; ended: (refusal: string | null) => void };

/** PutEvents and SendMessageBatch take at most this many at once. */
const entriesAtOnce = 10;

/** Puts parcels into the intake, in order: what goes by the bus in as few calls as EventBridge allows. */
export const createSender = (intake: Intake) => {
  const client = clientsFor(intake);
  let waiting: Waiting[] = [];

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const entries = batch.flatMap(({ parcel }) => (parcel.by === 'bus' ? [parcel.entry] : []));
    const bodies = batch.flatMap(({ parcel }) => (parcel.by === 'queue' ? [parcel.body] : []));
    const refusals =
      entries.length > 0
        ? await putEvents(client.bus, entries)
        : await sendBodies(client.queues, intake.queues.bulk, bodies);
    batch.forEach(({ ended }, index) => ended(refusals[index] ?? null));
  };

  const send = async ({ parcel, ended }: Sending): Promise<void> => {
    if (parcel.by === 'none') return ended(parcel.reason);
    const bytes = waiting.reduce((sum, one) => sum + one.parcel.bytes, parcel.bytes);
    // What came before stays before: a batch goes one way only.
    const goesOtherWay = waiting.some((one) => one.parcel.by !== parcel.by);
    if (waiting.length === entriesAtOnce || bytes >= maxBytes || goesOtherWay) await flush();
    waiting.push({ parcel, ended });
  };

  return { send, flush };
};

type Waiting = { parcel: Exclude<Parcel, { by: 'none' }>; ended: Sending['ended'] };

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

const sendBodies = async (queues: SQSClient, QueueUrl: string, bodies: string[]): Promise<(string | null)[]> => {
  if (bodies.length === 0) return [];
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  try {
    const { Failed = [] } = await queues.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const refusals = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? 'no reason given'}`]));
    return Entries.map(({ Id }) => refusals.get(Id) ?? null);
  } catch (error) {
    const refusal = refusalOf(error);
    return bodies.map(() => refusal);
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
