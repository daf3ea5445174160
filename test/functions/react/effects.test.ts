import { describe, expect, it } from 'vitest';
import { type Effects, startEffects } from '../../../functions/react/effects.ts';
import type { Queue } from '../../../shared/ports.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';

const own = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const now = '2026-11-21T12:00:00.000Z';

/** What an entry starts, by the name of where it goes. */
const started = async (over: Partial<Entry>): Promise<[string, unknown][]> => {
  const begun: [string, unknown][] = [];
  const queue = <Message>(name: string): Queue<Message> => ({
    send: (message) => Promise.resolve(void begun.push([name, message])),
  });
  const effects: Effects = {
    acts: queue('acts'),
    alerts: queue('alerts'),
    describe: queue('describe'),
    timers: queue('timers'),
    timerRows: {
      set: (timer) => Promise.resolve(void begun.push(['timer rows', timer])),
      due: () => Promise.resolve([]),
      clear: () => Promise.resolve(),
    },
    append: () => Promise.reject(new Error('nothing is put on record by it')),
  };
  const entry = { ...draftOf({ kind: 'k', source: own }), seq: 7, segment: 3, origin: 'escalator/1/r', ...over };
  await startEffects(effects, entry as Entry, now);
  return begun;
};

describe('what an entry starts', () => {
  const pushed = {
    kind: 'reference.updated',
    source: { ...own, name: 'aws.codecommit' },
    change: { repository: 'shop', commit: 'b' },
    detail: { repository: 'shop', refType: 'branch', old: 'a' },
  };

  it('is a question for what was pushed, where CodeCommit is at home: that of a member is not asked', async () => {
    const asked = { repository: 'shop', commit: 'b', old: 'a', segment: 3, seq: 7 };
    expect(await started(pushed)).toEqual([['describe', asked]]);
    expect(await started({ ...pushed, source: { ...pushed.source, account: '2' } })).toEqual([]);
    expect(await started({ ...pushed, source: { ...pushed.source, region: 'elsewhere' } })).toEqual([]);
  });

  it('is a timer where it was decided to tell later, and none where that was decided at once', async () => {
    const detail = { group: 'production/shop', version: 4, due: '2026-11-21T12:00:35.000Z' };
    const timer = { ladder: 'production/shop', version: 4, name: 'tell', due: detail.due };
    expect(await started({ kind: 'alert.decided', detail })).toEqual([
      ['timer rows', timer],
      ['timers', timer],
    ]);
    expect(await started({ kind: 'alert.decided', detail: { ...detail, due: null } })).toEqual([]);
    expect(await started({ kind: 'alert.decided', detail: { ...detail, group: null } })).toEqual([]);
  });
});
