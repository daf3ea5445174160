import { describe, expect, it } from 'vitest';
import { sayStays, whatStays } from '../../../infra/operate/stays.ts';
import type { ArchiveLock } from '../../../shared/config/config.ts';
import { resources, shop, templateOf } from '../template.ts';

const now = new Date('2026-11-21T12:00:00Z');
const stays = (lock: ArchiveLock | null) => whatStays({ Resources: resources }, lock, now);
const archive = (lock: ArchiveLock | null) => stays(lock).find(({ what }) => what.startsWith('the archive'));

describe('what a destroyed stack leaves behind', () => {
  it('is everything that the template keeps, each thing once, in words of its own', () => {
    const kept = Object.entries(resources).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    const listed = stays(null);
    expect(listed.flatMap(({ ids }) => ids).toSorted()).toEqual(kept.map(([id]) => id).toSorted());
    expect(listed.filter(({ what }) => what.startsWith('AWS::'))).toEqual([]);
  });

  it('is found also where the archive is another account’s, which is not listed then', () => {
    const elsewhere = whatStays({ Resources: templateOf(shop, { archive: 'auditors-archive' }) }, null, now);
    expect(elsewhere.map(({ what }) => what).filter((what) => what.startsWith('the archive'))).toEqual([]);
    expect(elsewhere.length).toBeGreaterThan(3);
  });

  it('cannot be removed before its time where it is locked in compliance', () =>
    expect(archive({ lock: 'compliance', days: 10 })).toMatchObject({
      until: expect.stringContaining('until 2026-12-01') as string,
      remove: [],
    }));

  it('can be removed sooner by few where it is locked in governance', () =>
    expect(archive({ lock: 'governance', days: 1 })?.until).toMatch(/until 2026-11-22.*BypassGovernanceRetention/));

  it('is told with the command that tells its names, and how each is removed', () => {
    const said = sayStays(stays({ lock: 'none' })).join('\n');
    expect(said).toContain('describe-stack-resources');
    for (const { remove } of stays({ lock: 'none' })) for (const line of remove) expect(said).toContain(line);
  });
});
