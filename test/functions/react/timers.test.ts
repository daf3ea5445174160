import { describe, expect, it } from 'vitest';
import { onTimer, type ReactPorts, sweepTimers, unknownAtMostMs } from '../../../functions/react/react.ts';
import type { Timer } from '../../../shared/ports.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const now = '2026-11-21T12:00:00.000Z';
const later = (ms: number): string => new Date(Date.parse(now) + ms).toISOString();

/** What becomes of timers that no ladder of the configuration set. */
const world = () => {
  const did: string[] = [];
  const config = { digest: 'd', text: '', environments: [], services: [], routes: [], topics: {} };
  const ports = {
    ...tellPorts(memoryTrail(), {}, () => new Date(now)),
    config,
    wait: (ms: number) => Promise.resolve(void did.push(`wait ${ms}`)),
    effects: {
      timers: { send: () => Promise.resolve(void did.push('send')) },
      timerRows: {
        due: (at: string, most: number) => (did.push(`due ${at} ${most}`), Promise.resolve([])),
        clear: (timer: Timer) => Promise.resolve(void did.push(`clear ${timer.name}`)),
      },
    },
  } as unknown as ReactPorts;
  const take = async (due: string, name = 'decide'): Promise<string[]> => {
    did.length = 0;
    await onTimer(ports)({ ladder: 'production/shop', version: 1, name, due });
    return [...did];
  };
  return { did, ports, take };
};

describe('a timer', () => {
  it('that comes up to a second early is waited for, one that comes earlier is sent again', async () => {
    const { take } = world();
    expect(await take(later(1_001))).toEqual(['send']);
    expect(await take(later(1_000))).toEqual(['wait 1000', 'send']);
    expect(await take(later(1))).toEqual(['wait 1', 'send']);
    expect(await take(later(0))).toEqual([]);
  });

  it('of telling people is cleared once it was taken', async () => {
    expect(await world().take(now, 'tell')).toEqual(['clear tell']);
  });

  it('of a ladder that nobody knows is kept for a quarter of an hour', () => {
    expect(unknownAtMostMs).toBe(900_000);
  });
});

it('the sweeper takes a hundred overdue timers at most at once: those that are left come with the next minute', async () => {
  const { did, ports } = world();
  await sweepTimers(ports)();
  expect(did).toEqual([`due ${now} 100`]);
});
