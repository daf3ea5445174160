import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentReport, LadderReport } from '../../shared/question/reports.ts';
import { page, startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());
beforeEach(() => {
  world.asked.length = 0;
  world.terminal = { now: () => new Date('2026-11-21T12:00:00.000Z') };
});

const incident = (over: Partial<IncidentReport>): IncidentReport => ({
  id: 'production.shop.5',
  openedAt: '2026-11-20T10:00:00.000Z',
  closedAt: '2026-11-20T10:01:00.000Z',
  status: 'observed',
  reason: null,
  failing: ['smoke'],
  acted: false,
  plan: [{ level: 'deploy', does: 'redeploy shop/Deploy' }],
  people: [],
  recoveredAt: '2026-11-20T10:12:00.000Z',
  recoveredAfter: 720_000,
  ...over,
});
const report = (over: Partial<LadderReport> = {}): LadderReport => ({
  ladder: 'production/shop',
  since: '2026-10-22T12:00:00.000Z',
  until: '2026-11-21T12:00:00.000Z',
  complete: true,
  ended: { converged: 2, 'self-healed': 0, observed: 1, 'handed-over': 0, open: 0 },
  runs: 2,
  converged: 2,
  byItself: { count: 2, median: 90_000, longest: 180_000 },
  byPeople: { count: 1, median: 720_000, longest: 720_000 },
  incidents: [
    incident({ people: [{ at: '2026-11-20T10:05:00.000Z', by: 'ada', says: 'called X\u001b[2J', seq: 7 }] }),
    incident({ id: 'production.shop.3', status: 'converged', acted: true, recoveredAfter: 90_000 }),
    incident({ id: 'production.shop.1', status: 'converged', acted: true, recoveredAfter: 180_000 }),
  ],
  ...over,
});
const shown = async (one: LadderReport, ...args: string[]): Promise<string[]> => {
  world.answers = { '/api/reports': page([one]) };
  const { code, out } = await world.run('ladder', 'report', ...args);
  expect(code).toBe(0);
  return out.map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
};

describe('escalator ladder report', () => {
  it('sums up what was done, what would have been, and what people did instead', async () => {
    const lines = await shown(report());
    expect(lines[0]).toMatch(/^production\/shop .* to /);
    expect(lines.slice(1, 4)).toEqual([
      '3 incidents: 2 converged, 1 observed',
      '2 runs, 2 converged, well again after 1 min 30 s at the median, 3 min 0 s at most',
      '1 mended by people, well again after 12 min 0 s at the median, 12 min 0 s at most',
    ]);
    expect(lines.at(-3)).toMatch(
      /^production\.shop\.5 .* observed smoke 12 min 0 s would: redeploy shop\/Deploy ada: called X$/,
    );
    expect(lines.at(-1)).toMatch(/^production\.shop\.1 .* converged smoke 3 min 0 s redeploy shop\/Deploy -$/);
  });

  it('says that there was nothing, and that there is more than it read', async () => {
    expect(await shown(report({ incidents: [], complete: false }))).toEqual([
      expect.stringContaining('production/shop'),
      'more is on record than a report reads: this is the newest part of it',
      'no incident',
    ]);
  });

  it('asks for the ladder and the time that are named', async () => {
    await shown(report(), 'production/shop', '--since', '7d');
    expect(Object.fromEntries(world.asked[0]?.searchParams ?? [])).toEqual({
      environment: 'production',
      service: 'shop',
      since: '2026-11-14T12:00:00.000Z',
    });
  });

  it.each(['production/', '/shop', 'a/b/c', ''])('refuses %j, which is no ladder', async (named) => {
    expect(await world.run('ladder', 'report', named)).toMatchObject({ code: 2 });
  });

  it('prints what the API answered', async () => {
    world.answers = { '/api/reports': page([report()]) };
    const { out } = await world.run('ladder', 'report', '--json');
    expect(JSON.parse(out.join('\n'))).toEqual(page([report()]));
  });
});
