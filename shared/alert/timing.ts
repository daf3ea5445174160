/** When people are told, and how often (ms). The defaults are those that people know from Prometheus's Alertmanager. */
export type Timing = {
  /** how long the first of a group waits for others, so that they are one message (30 s); a page waits for nothing */
  wait: number;
  /** how long what is new waits after the first message (5 min), and ever longer after more; a page and an end wait for nothing */
  interval: number;
  /** how long a page of a group waits after a message; absent: not at all */
  pagesApart?: number;
  /** how long until what goes on is told again, while nobody has acknowledged it (4 h) */
  repeat: number;
  /** what begins so often within an hour is told once as coming and going (4), until it was quiet for so long (30 min) */
  flapping: { times: number; quiet: number };
};

export const defaultTiming: Timing = {
  wait: 30_000,
  interval: 300_000,
  repeat: 14_400_000,
  flapping: { times: 4, quiet: 1_800_000 },
};
