import { beforeEach, describe, expect, it } from 'vitest';
import { tellOf } from '../../../functions/react/tell.ts';
import { take } from '../../../functions/support/tell.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellingPorts } from '../../harness/tell-ports.ts';
import { alertOf } from '../../harness/alert.ts';

const alert = alertOf({ headline: 'smoke failing' });
const cause: Alert = {
  ...alert,
  id: 'cause/2026-11-21T12:00:00.000Z',
  incident: null,
  environment: '',
  service: '',
  severity: 'page',
  headline: '10 of 10 services began to fail together',
  failing: ['production/shop'],
};

let trail = memoryTrail();
let now = Date.parse('2026-11-21T12:00:00.000Z');
let sent: AlertMessage[] = [];
let ports: ReturnType<typeof tellingPorts>['ports'];
beforeEach(() => {
  now = Date.parse('2026-11-21T12:00:00.000Z');
  trail = memoryTrail(() => new Date(now));
  ({ ports, sent } = tellingPorts(trail, {}, () => new Date(now)));
});

const raise = async (given: Alert): Promise<Entry> => {
  const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
  const raised = draftOf({ kind: 'alert.raised', source, detail: { alert: { ...given } } });
  await trail.append([{ key: `raised#${trail.entries.length}`, entries: [raised] }]);
  return trail.entries.at(-1) as Entry;
};
const outcomes = () => trail.entries.filter(({ kind }) => kind === 'alert.decided').map(({ outcome }) => outcome);

describe('what was raised for people', () => {
  it('is taken in by its group once, however often its entry comes', async () => {
    const entry = await raise(alert);
    await tellOf(ports, entry);
    await tellOf(ports, entry);
    expect(outcomes()).toEqual(['group-wait']);
    expect(sent).toEqual([]);
  });

  it('is sent as it is where nothing can be decided', async () => {
    const entry = await raise(alert);
    const broken = { ...ports.groups, load: () => Promise.reject(new Error('the rows do not answer')) };
    await tellOf({ ...ports, groups: broken }, entry);
    expect(sent).toEqual([{ segment: entry.segment, seq: entry.seq }]);
  });

  it('comes again where it can neither be decided nor sent, with why', async () => {
    const groups = { ...ports.groups, load: () => Promise.reject(new Error('the rows do not answer')) };
    const alerts = { send: () => Promise.reject(new Error('the queue does not answer')) };
    const thrown: unknown = await tellOf({ ...ports, groups, effects: { alerts } }, await raise(alert)).catch(
      (error: unknown) => error,
    );
    expect(String(thrown)).toBe('Error: the queue does not answer');
  });

  it('is told first when the ladder has decided: five seconds after its quiescence', async () => {
    await tellOf(ports, await raise(alert));
    const { timer } = await ports.groups.load('production/shop');
    expect(timer?.due).toBe('2026-11-21T12:00:35.000Z');
  });

  it('is not told of a service while a cause explains it that many share, and pages all the same', async () => {
    await tellOf(ports, await raise(alert));
    await tellOf(ports, await raise(cause));
    now += 35_000;
    const { timer } = await ports.groups.load('production/shop');
    expect(await take(ports, 'production/shop', { type: 'timer', version: timer?.version ?? 0, due: '' })).toBe(
      'inhibited',
    );
    await tellOf(ports, await raise({ ...alert, severity: 'page', headline: 'a person is needed' }));
    expect(outcomes()).toEqual(['group-wait', 'page', 'inhibited', 'page']);
  });
});
