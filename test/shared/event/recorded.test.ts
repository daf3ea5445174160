import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordChange } from '../../../functions/record-change/record-change.ts';
import { instant } from '../../../shared/event/instant.ts';
import { kinds } from '../../../shared/event/kinds.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { canonical } from '../../../shared/trail/canonical.ts';
import type { Json } from '../../../shared/trail/entry.ts';
import { propose } from '../../../shared/trail/segment.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { context, filesUnder, groupsOf, nameOf } from './harness.ts';

/** Events recorded or published elsewhere, where somebody has put them beside the repository. */
const folder = fileURLToPath(new URL('../../../../shared/events', import.meta.url));

const files = existsSync(folder) ? filesUnder(folder).filter((file) => /\.(json|txt)$/.test(file)) : [];
const named = files.map((file): [string, string] => [nameOf(file, folder), readFileSync(file, 'utf8')]);

/** Samples from guides that are not JSON, kept as they were printed there. */
const isMalformed = ([name, text]: [string, string]): boolean => name.endsWith('.txt') && !text.startsWith("StackId='");

/** How many events a file has: a list, a batch, or one. */
const eventsIn = (text: string): number => {
  const value = JSON.parse(text) as { Records?: unknown[] } | unknown[];
  return Array.isArray(value) ? value.length : (value.Records?.length ?? 1);
};

/** Every text and number in an event that is long enough to be found again. */
const leaves = (value: Json): string[] => {
  if (typeof value === 'string') return value.length > 3 ? [value] : [];
  if (typeof value === 'number') return Math.abs(value) > 999 ? [String(value)] : [];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(leaves);
};

/** All that was put on record of a message: its entries, and the large details beside them. */
const onRecord = (text: string): string => {
  const { groups, objects } = factsIn(text, context);
  return [canonical(groups), ...objects.map(({ body }) => Buffer.from(body).toString())].join('\n');
};

describe.skipIf(files.length === 0)('every recorded event', () => {
  it.each(named)('%s goes on record, all of it, in lines that the trail takes', (name, text) => {
    const groups = groupsOf(text);
    if (!name.endsWith('.txt') && !name.includes('trigger')) expect(groups).toHaveLength(eventsIn(text));
    for (const group of groups) {
      propose(group);
      for (const { kind } of group.entries) expect(kinds).toHaveProperty([kind]);
    }
  });

  it.each(named.filter((file) => !file[0].startsWith('odd/') && !isMalformed(file)))(
    '%s is on record with everything it said, but for what was redacted',
    (_, text) => {
      const redacted = groupsOf(text).flatMap(({ entries }) => entries.flatMap(({ redactions }) => redactions));
      const record = onRecord(text);
      const isKept = (leaf: string): boolean =>
        [leaf, instant(leaf) ?? leaf].some((said) => record.includes(JSON.stringify(said).slice(1, -1)));
      const lost = leaves(JSON.parse(text) as Json).filter((leaf) => !isKept(leaf));
      expect(lost.length).toBeLessThanOrEqual(redacted.length);
      if (redacted.length === 0) expect(lost).toEqual([]);
    },
  );

  it('is quarantined only where it is not JSON', () => {
    const isQuarantined = (text: string): boolean =>
      groupsOf(text).some(({ entries }) => entries.some(({ kind }) => kind === 'quarantined'));
    expect(named.filter(([, text]) => isQuarantined(text)).map(([name]) => name)).toEqual(
      named.filter(isMalformed).map(([name]) => name),
    );
  });

  it.each(named.filter(([name]) => !name.startsWith('odd/')))(
    '%s is understood, being of a known source',
    (_, text) => {
      const said = groupsOf(text).flatMap(({ entries }) => entries.map(({ kind }) => kind));
      expect(said).not.toContain('unknown');
      expect(said).not.toContain('quarantined');
    },
  );

  it('adds nothing when it comes again: all twice, in batches and one by one, and once more as a replay', async () => {
    const trail = memoryTrail();
    const objects = { put: () => Promise.resolve() };
    const record = recordChange({ trail, objects, context, trouble: () => undefined });
    const messages = named.map(([id, body]) => ({ id, body }));
    expect(await record(messages)).toEqual([]);
    const once = trail.entries.length;
    expect(once).toBeGreaterThan(files.length - 20); // some of the samples are copies of each other
    for (const message of messages.toReversed()) expect(await record([message])).toEqual([]);
    const replays = messages
      .filter(({ body }) => body.trimStart().startsWith('{'))
      .flatMap(({ id, body }) => {
        const event = safely(body);
        return event === null ? [] : [{ id, body: JSON.stringify({ 'replay-name': 'again', ...event }) }];
      });
    expect(replays.length).toBeGreaterThan(200);
    expect(await record(replays)).toEqual([]);
    expect(trail.entries.length).toBe(once);
  });
});

const safely = (text: string): object | null => {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
};
