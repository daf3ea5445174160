import { EscalatorError } from './errors.ts';
import type { ActMessage, AlertMessage, DescribeMessage, TimerMessage } from './ports.ts';

/** The messages that functions send to each other, by the queue they come in. */
export type Messages = { describe: DescribeMessage; acts: ActMessage; alerts: AlertMessage; timers: TimerMessage };

type Field = 'text' | 'text or null' | 'number';

const fields: { [queue in keyof Messages]: { [field in keyof Messages[queue]]: Field } } = {
  describe: { repository: 'text', commit: 'text', old: 'text or null' },
  acts: { ladder: 'text', version: 'number', actKey: 'text', seq: 'number' },
  alerts: { seq: 'number', segment: 'number' },
  timers: { ladder: 'text', version: 'number', name: 'text', due: 'text' },
};

const isOf: { [field in Field]: (value: unknown) => boolean } = {
  text: (value) => typeof value === 'string',
  'text or null': (value) => value === null || typeof value === 'string',
  number: (value) => Number.isSafeInteger(value),
};

/**
 * Reads a message of one of our queues. A newer version may have added fields: they stay.
 *
 * @throws EscalatorError ESC-044 where it is none, which says what is wrong with it and quotes nothing of it
 */
export const readMessage = <Queue extends keyof Messages>(queue: Queue, body: string): Messages[Queue] => {
  const said = parsed(body);
  if (said === null) throw notAMessage(queue, 'it is no JSON object');
  const wrong = Object.entries<Field>(fields[queue]).find(([name, field]) => !isOf[field](said[name]));
  if (wrong !== undefined) throw notAMessage(queue, `its ${wrong[0]} is no ${wrong[1]}`);
  return said as Messages[Queue];
};

const parsed = (body: string): { [field: string]: unknown } | null => {
  try {
    const said: unknown = JSON.parse(body);
    return typeof said === 'object' && said !== null && !Array.isArray(said)
      ? (said as { [field: string]: unknown })
      : null;
  } catch {
    return null;
  }
};

const notAMessage = (queue: string, why: string): EscalatorError =>
  new EscalatorError('ESC-044', `a message in the queue ${queue} is not one of ours: ${why}`);
