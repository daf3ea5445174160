/**
 * How the queues between functions behave, on AWS and on one machine alike. `infra/` makes them so there,
 * `local/runtime/` here.
 */
export type QueueSettings = {
  /** what it holds, for whoever meets its dead letters */
  holds: string;
  /** in order by target, and each message once within five minutes */
  fifo: boolean;
  /** messages handed to the function at once, at most */
  batch: number;
  /** how long Lambda may wait for a batch to fill (seconds; FIFO queues cannot wait) */
  window: number;
  /** receives of a message before it goes to the dead letters */
  receives: number;
  /** how many batches of it may be in hand at once: all of them append to one lane, where more would only contend */
  atOnce: number;
  /** a message that is older than this says that the queue does not move (seconds) */
  late: number;
};

export const queueSettings = {
  urgent: {
    holds: 'events that an incident can begin or end with',
    fifo: false,
    batch: 10,
    window: 0,
    receives: 5,
    atOnce: 10,
    late: 300,
  },
  bulk: { holds: 'all other events', fifo: false, batch: 100, window: 5, receives: 5, atOnce: 5, late: 900 },
  describe: { holds: 'pushes to be described', fifo: false, batch: 10, window: 0, receives: 5, atOnce: 2, late: 900 },
  // An act that somebody else is carrying out is asked after until that can only be over.
  acts: { holds: 'acts to be carried out', fifo: true, batch: 1, window: 0, receives: 100, atOnce: 10, late: 900 },
  // One at a time: a sender that dies leaves no other alert half sent.
  alerts: { holds: 'alerts to be sent', fifo: false, batch: 1, window: 0, receives: 100, atOnce: 5, late: 300 },
  // A timer may be put there fifteen minutes before it is due.
  timers: {
    holds: 'times at which a ladder decides',
    fifo: false,
    batch: 10,
    window: 0,
    receives: 5,
    atOnce: 5,
    late: 1_500,
  },
} as const satisfies { [queue: string]: QueueSettings };
