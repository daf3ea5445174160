import type { Machine } from './process.ts';
import type { Warm } from './warm.ts';

type Options = { delaySeconds?: number; group?: string; deduplication?: string };

/** A queue and the function behind it. What a process did not finish comes again, until it is dead. */
export type SimQueue<Message> = {
  put(message: Message, options?: Options): void;
  /** what is not done yet */
  size(): number;
  dead(): number;
};

type Settings<Wired, Message> = {
  /** the function behind it */
  of: Warm<Wired>;
  /** how long a message that was not finished stays away */
  visibilityMs: number;
  receives: number;
  fifo?: boolean;
  /** a message may never come at all; its sender has another way */
  lossy?: number;
  /** answers false when the message must come back, and with what is left of it when that must */
  work: (wired: Wired, message: Message) => Promise<unknown>;
  /** how often a message comes before it should, and how early (ms) */
  early?: () => number;
};

type Waiting<Message> = { message: Message; receives: number; group: string };

export const createQueue = <Wired, Message>(
  machine: Machine,
  settings: Settings<Wired, Message>,
): SimQueue<Message> => {
  const { time, chance, faults } = machine;
  const groups = new Map<string, Waiting<Message>[]>();
  const seen = new Map<string, number>();
  let size = 0;
  let dead = 0;

  const receive = async (waiting: Waiting<Message>): Promise<boolean> => {
    waiting.receives += 1;
    const ending = await settings.of((wired) => settings.work(wired, waiting.message));
    if (ending.ended !== 'done' || ending.answer === false) return false;
    const left = leftIn<Message>(ending.answer);
    if (left !== null) waiting.message = left;
    return left === null;
  };
  const deliver = async (waiting: Waiting<Message>, whenDone: () => void): Promise<void> => {
    while (!(await receive(waiting))) {
      if (waiting.receives >= settings.receives) {
        dead += 1;
        break;
      }
      await time.sleep(settings.visibilityMs);
    }
    size -= 1;
    whenDone();
  };
  const next = (group: string): void => {
    const line = groups.get(group) ?? [];
    const [first] = line;
    if (first === undefined) return;
    void deliver(first, () => {
      line.shift();
      next(group);
    });
  };
  const arrive = (waiting: Waiting<Message>): void => {
    size += 1;
    if (settings.fifo !== true) return void deliver(waiting, () => {});
    const line = groups.get(waiting.group) ?? [];
    groups.set(waiting.group, line);
    line.push(waiting);
    if (line.length === 1) next(waiting.group);
  };
  /** Five minutes, as SQS remembers a deduplication id. */
  const isRepeated = (id: string | undefined): boolean => {
    const before = id === undefined ? undefined : seen.get(id);
    if (id !== undefined) seen.set(id, time.now());
    return before !== undefined && time.now() - before < 300_000;
  };

  return {
    size: () => size,
    dead: () => dead,
    put: (message, { delaySeconds = 0, group = '', deduplication } = {}) => {
      if (isRepeated(deduplication) || chance.is(settings.lossy ?? 0)) return;
      const copies = chance.is(faults.duplicate) ? chance.between(2, 5) : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const late = chance.is(faults.late) ? chance.spread(1_000, 300_000) : chance.spread(5, 500);
        const early = settings.early?.() ?? 0;
        time.at(time.now() + Math.max(0, delaySeconds * 1000 - early) + late, () =>
          arrive({ message, receives: 0, group }),
        );
      }
    },
  };
};

/** A batch of which some is done. */
export type Left<Message> = { left: Message };

const leftIn = <Message>(answer: unknown): Message | null =>
  typeof answer === 'object' && answer !== null && 'left' in answer ? (answer as Left<Message>).left : null;
