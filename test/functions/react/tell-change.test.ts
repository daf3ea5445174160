import { beforeEach, describe, expect, it } from 'vitest';
import { startEffects } from '../../../functions/react/effects.ts';
import { takeChange } from '../../../functions/react/tell-change.ts';
import { tellOf } from '../../../functions/react/tell.ts';
import { createChangeGroups } from '../../../functions/support/changes.ts';
import { decide } from '../../../shared/alert/change/decide.ts';
import { type ChangesDecidedOn, changesVersion, foldChanges } from '../../../shared/alert/change/record.ts';
import { developersOf } from '../../../shared/alert/change/plan.ts';
import { noChanges } from '../../../shared/alert/change/state.ts';
import { defaultTiming } from '../../../shared/alert/timing.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { tellingPorts } from '../../harness/tell-ports.ts';

const commit = 'a'.repeat(40);
const group = 'change/1/r/shop';
const source = (name: string) => ({ name, account: '1', region: 'r', id: null, digest: null });
const developers = { to: 'devs', comments: true };

let now: number;
let trail: ReturnType<typeof memoryTrail>;
let sent: AlertMessage[];
let ports: ReturnType<typeof tellingPorts>['ports'];

beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00.000Z');
  trail = memoryTrail(() => new Date(now));
  const topics = { sre: { sns: 'sre' }, devs: { sns: 'devs' } };
  ({ ports, sent } = tellingPorts(trail, { developers, topics }, () => new Date(now)));
});

const happens = async (name: string, over: Partial<Draft>): Promise<Entry> => {
  await trail.append([{ key: `fact#${trail.entries.length}`, entries: [draftOf({ source: source(name), ...over })] }]);
  const entry = trail.entries.at(-1) as Entry;
  await tellOf(ports, entry);
  now += 1_000;
  return entry;
};

const pushed = () =>
  happens('aws.codecommit', {
    kind: 'reference.updated',
    change: { repository: 'shop', commit },
    detail: { repository: 'shop', ref: 'refs/heads/main', refType: 'branch', old: null, new: commit },
  });
const sourced = () =>
  happens('aws.codepipeline', {
    kind: 'action.succeeded',
    execution: 'run-1',
    change: { repository: null, commit },
    detail: { pipeline: 'shop', stage: 'Source', action: 'Source', category: 'Source' },
  });
const stopped = () =>
  happens('aws.codepipeline', {
    kind: 'pipeline.failed',
    execution: 'run-1',
    reason: 'Test failed',
    detail: { pipeline: 'shop', attempt: 1 },
  });
const said = () => trail.entries.filter(({ kind }) => /^(?:alert\.told|comment\.due)$/.test(kind));
const versions = () =>
  Map.groupBy(
    trail.entries.filter(({ factKey }) => factKey.startsWith(`alerts/${group}#`)),
    ({ factKey }) => factKey,
  );

describe('what developers are told of a change', () => {
  it('stands on the trail beside why: a message and a comment, each under its commit', async () => {
    await pushed();
    await sourced();
    await stopped();
    expect(said().map(({ kind, change, outcome }) => [kind, change?.commit, outcome])).toEqual([
      ['alert.told', commit, 'news'],
      ['comment.due', commit, 'news'],
    ]);
  });

  it('is told once, however often the lane is read again', async () => {
    const entries = [await pushed(), await sourced(), await stopped()];
    const size = trail.entries.length;
    for (const entry of [...entries, ...entries.toReversed()]) await tellOf(ports, entry);
    expect(trail.entries).toHaveLength(size);
  });

  it('is decided again the same, from what stands on the trail', async () => {
    await pushed();
    await sourced();
    await stopped();
    let state = noChanges;
    for (const entries of versions().values()) {
      const { input, now: at, config } = (entries[0]?.detail ?? {}) as unknown as ChangesDecidedOn;
      const again = decide(group, state, input, at, { developers: developersOf(ports.config), timing: defaultTiming });
      const drafts = changesVersion(group, state, { input, now: at, config }, again, source('escalator')).entries;
      expect(drafts.map(({ detail }) => detail)).toEqual(entries.map(({ detail }) => detail));
      state = foldChanges(state, entries);
    }
    const reread = createChangeGroups(trail, memoryRows(), source('escalator'));
    expect(await reread.load(group)).toEqual(state);
    expect(state.version).toBe(3);
  });

  it('sends its comments to be made as comments', async () => {
    await pushed();
    await sourced();
    await stopped();
    const effects = { alerts: ports.effects.alerts } as unknown as Parameters<typeof startEffects>[0];
    for (const entry of said()) await startEffects(effects, entry, new Date(now).toISOString());
    expect(sent.map(({ comment }) => comment)).toEqual([undefined, true]);
  });

  it('comes with its timer, where it waits', async () => {
    await pushed();
    const { timer } = await ports.groups.changes.load(group);
    now += 60_000;
    if (timer === null) throw new Error('there is no timer');
    expect(await takeChange(ports, group, { type: 'timer', ...timer })).toBe('news');
    expect(await takeChange(ports, group, { type: 'timer', ...timer })).toBe('old-timer');
    expect(said().map(({ kind }) => kind)).toEqual(['alert.told']);
  });

  it('holds nothing up where it cannot be thought through, and comes again where it cannot be stored', async () => {
    const broken = { changes: { load: () => Promise.resolve(null), record: () => Promise.resolve(true) } };
    const entry = await pushed();
    const nonsense = { ...ports, groups: { ...ports.groups, ...broken } } as unknown as typeof ports;
    await tellOf(nonsense, entry);
    expect(await takeChange(nonsense, group, { type: 'timer', version: 1, due: '' })).toBe('not-decided');
    const away = { changes: { ...ports.groups.changes, load: () => Promise.reject(new Error('no answer')) } };
    await expect(tellOf({ ...ports, groups: { ...ports.groups, ...away } }, entry)).rejects.toThrow('no answer');
  });
});
