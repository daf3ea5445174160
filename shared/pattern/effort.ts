/**
 * What looking at one event may still cost, counted in values looked at and comparisons made. It is a limit, not a
 * measure of time: an event of EventBridge's size (256 KB) stays far below it, whatever the pattern.
 */
export type Effort = { left: number };

export const maxEffort = 20_000_000;

/** @returns whether there was so much left */
export const spend = (effort: Effort, steps: number): boolean => (effort.left -= steps) >= 0;
