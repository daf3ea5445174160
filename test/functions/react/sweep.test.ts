import { expect, it } from 'vitest';
import { type ReactPorts, sweepTimers } from '../../../functions/react/react.ts';

it('the sweeper takes a hundred overdue timers at most at once: those that are left come with the next minute', async () => {
  const asked: unknown[] = [];
  const due = (...wanted: unknown[]) => (asked.push(wanted), Promise.resolve([]));
  const ports = { now: () => new Date('2026-11-21T12:00:00.000Z'), effects: { timerRows: { due } } };
  await sweepTimers(ports as unknown as ReactPorts)();
  expect(asked).toEqual([['2026-11-21T12:00:00.000Z', 100]]);
});
