/** Time that moves only when everything that was to happen at one moment has happened. */
export type VirtualTime = {
  now(): number;
  /** runs `work` at a time, or now where that has passed; answers with what calls it off */
  at(ms: number, work: () => void): () => void;
  sleep(ms: number): Promise<void>;
  /** moves on until nothing is left to happen, or until a time */
  run(until: number, afterEach: () => void): Promise<void>;
};

type Due = { ms: number; order: number; work: (() => void) | null };

export const virtualTime = (start: number): VirtualTime => {
  let now = start;
  let order = 0;
  const due = queueOfDue();
  const at = (ms: number, work: () => void): (() => void) => {
    const added: Due = { ms: Math.max(ms, now), order: (order += 1), work };
    due.add(added);
    return () => {
      added.work = null;
    };
  };
  return {
    now: () => now,
    at,
    sleep: (ms) =>
      new Promise((resolve) => {
        at(now + ms, resolve);
      }),
    run: async (until, afterEach) => {
      for (;;) {
        const next = due.first();
        if (next === undefined || next.ms > until) break;
        due.removeFirst();
        if (next.work === null) continue;
        now = next.ms;
        next.work();
        await everythingThatFollows();
        afterEach();
      }
      now = Math.max(now, until);
    },
  };
};

/** Lets every promise that is settled be taken note of: Node comes to the next tick when no microtask is left. */
const everythingThatFollows = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** A binary heap: the soonest first, and of one moment the one that was asked for first. */
const queueOfDue = () => {
  const heap: Due[] = [];
  const before = (a: Due | undefined, b: Due | undefined): boolean =>
    a !== undefined && b !== undefined && (a.ms < b.ms || (a.ms === b.ms && a.order < b.order));
  const swap = (a: number, b: number): void => {
    const held = heap[a] as Due;
    heap[a] = heap[b] as Due;
    heap[b] = held;
  };
  const sink = (from: number): void => {
    for (let at = from; ;) {
      const left = 2 * at + 1;
      const child = before(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!before(heap[child], heap[at])) return;
      swap(child, at);
      at = child;
    }
  };
  return {
    first: () => heap[0],
    add: (due: Due) => {
      heap.push(due);
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (!before(heap[at], heap[parent])) return;
        swap(at, parent);
        at = parent;
      }
    },
    removeFirst: () => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
      sink(0);
    },
  };
};
