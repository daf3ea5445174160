import { beforeEach, describe, expect, it } from 'vitest';
import { reactTo, type ReactPorts } from '../../../functions/react/react.ts';
import { take } from '../../../functions/support/tell.ts';
import type { Message } from '../../../shared/alert/message.ts';
import { meaningOf } from '../../../shared/ladder/alarms.ts';
import type { Reads } from '../../../shared/ladder/reads.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';
import { eventOf, groupsOf } from '../../shared/event/harness.ts';

const home = { account: '111122223333', region: 'eu-west-1' };
const rule = `arn:aws:cloudwatch:${home.region}:${home.account}:alarm-mute-rule:night`;

let now = 0;
let read = 0;
let mutedBy: string | null = null;
let trail = memoryTrail();
let ports: ReactPorts;

beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00.000Z');
  read = 0;
  mutedBy = null;
  trail = memoryTrail(() => new Date(now), `escalator/${home.account}/${home.region}`);
  const nothing = { send: () => Promise.resolve() };
  ports = {
    ...tellPorts(trail, { topics: { sre: { sns: 'sre' } } }, () => new Date(now)),
    wait: () => Promise.resolve(),
    read: trail.read,
    reads: { alarms: () => Promise.resolve({ 'shop-smoke': alarmNow() }) } as unknown as Reads,
    effects: {
      acts: nothing,
      alerts: nothing,
      describe: nothing,
      timers: nothing,
      timerRows: { set: () => Promise.resolve(), due: () => Promise.resolve([]), clear: () => Promise.resolve() },
      append: trail.append,
    },
  };
});

/** What CloudWatch would answer: it goes on being in alarm, muted or not. */
const alarmNow = () => {
  const said = { state: 'ALARM', reason: 'too slow', suppressedBy: null, suppressedReason: null, evaluation: null };
  return { ...meaningOf({ ...said, mutedBy, mutedUntil: null }), at: new Date(now).toISOString() };
};

/** The alarm tells of itself, and everything that follows is followed. */
const alarmTells = async (over: { mutedBy: string | null }): Promise<void> => {
  mutedBy = over.mutedBy;
  const event = eventOf('cloudwatch/alarm-muted.json');
  const { muteDetail, ...detail } = event.detail;
  const state = { ...(detail['state'] as object), value: 'ALARM', timestamp: new Date(now).toISOString() };
  const muted = over.mutedBy === null ? {} : { muteDetail };
  await trail.append(groupsOf({ ...event, ...home, detail: { ...detail, alarmName: 'shop-smoke', state, ...muted } }));
  for (; read < trail.entries.length; read += 1) await reactTo(ports)(trail.entries[read] as Entry);
};

/** The group looks again when it said it would. */
const timer = async (): Promise<string> => {
  const { timer: set } = await ports.groups.load('production/shop');
  if (set === null) throw new Error('the group does not look again');
  now = Date.parse(set.due);
  return take(ports, 'production/shop', { type: 'timer', ...set });
};

const told = (): Message[] =>
  trail.entries
    .filter(({ kind }) => kind === 'alert.told')
    .map(({ detail }) => detail['message'] as unknown as Message);

describe('an incident whose alarm a mute rule of CloudWatch mutes', () => {
  it('is not told while that lasts, with the rule as the reason on record', async () => {
    await alarmTells({ mutedBy: null });
    now += 10_000;
    await alarmTells({ mutedBy: rule });
    expect(await timer()).toBe('muted');
    expect(await timer()).toBe('muted');
    expect(told()).toEqual([]);
    const readings = trail.entries.findLast(({ kind }) => kind === 'alert.decided')?.detail['readings'];
    expect(readings).toMatchObject({ mutedBy: expect.stringContaining(`muted by ${rule}`) });
  });

  it('is told when the mute is over and it still fails', async () => {
    await alarmTells({ mutedBy: null });
    now += 10_000;
    await alarmTells({ mutedBy: rule });
    expect(await timer()).toBe('muted');
    await alarmTells({ mutedBy: null });
    expect(await timer()).toBe('first');
    expect(told().map(({ to }) => to)).toEqual([['sre']]);
  });
});
