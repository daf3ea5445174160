import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readText } from '../../../cli/events/files.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { canonical, sha256 } from '../../../shared/trail/canonical.ts';
import { propose } from '../../../shared/trail/segment.ts';
import { cpuOf } from '../../harness/cpu.ts';
import { badBody, badInputs, badPath } from './bad-input.ts';
import { context, digest, factOf } from './harness.ts';

const noInput = (): AsyncIterable<Buffer> => {
  throw new Error('standard input is not read');
};

describe('a message that is not as AWS sends them', () => {
  it('has a case for each fixture', () => {
    expect(badInputs.map(({ file }) => file).toSorted()).toEqual(readdirSync(badPath('')).toSorted());
  });

  it.each(badInputs)('$file: $what', ({ file, becomes, has = {} }) => {
    const fact = factOf(badBody(file));
    if ('quarantined' in becomes)
      expect(fact).toMatchObject({
        kind: 'quarantined',
        outcome: 'quarantined',
        reason: expect.stringMatching(/^(the|an) .{10,}/) as string,
        source: { digest: digest(badBody(file)) },
        detail: { reason: becomes.quarantined, bytes: Buffer.byteLength(badBody(file)) },
      });
    else expect(fact).toMatchObject({ ...becomes, ...has });
  });

  it.each(badInputs)('$file can be appended, and read back as it was', ({ file }) => {
    const { key, ...draft } = factOf(badBody(file));
    propose({ key, entries: [draft] });
    expect(canonical(JSON.parse(canonical(draft)) as object)).toBe(canonical(draft));
  });

  it('changes nothing of the language: `__proto__` is on record as a name', () => {
    const { detail } = factOf(badBody('proto.json'));
    expect(Object.keys(detail['beside'] as object)).toContain('__proto__');
    expect(Object.keys(detail['event'] as object)).toContain('__proto__');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('of more than 60 KB is whole in the object store, by its hash, and without its secrets', () => {
    const { groups, objects } = factsIn(badBody('over-60-kb.json'), context);
    const [object] = objects;
    const [draft] = groups[0]?.entries ?? [];
    const stored = Buffer.from(object?.body ?? []).toString();
    expect(draft?.detail).toMatchObject({
      alarm: 'shop-smoke',
      value: 'ALARM',
      oversized: { sha256: sha256(stored), redactions: 1 },
    });
    expect(stored).toContain('line 899: the smoke check of the shop answered 500');
    expect(stored + canonical(groups)).not.toContain('correct-horse-battery-staple');
  });

  it.each(['invalid-utf-8.json', 'utf-16.json'])(
    '%s is refused as a file, by name, before anything is sent',
    async (file) => {
      await expect(readText(badPath(file), noInput)).rejects.toMatchObject({
        code: 'ESC-006',
        message: expect.stringContaining('not UTF-8 text') as string,
      });
    },
  );

  it('of a megabyte and a byte is quarantined unread, and costs next to nothing', () => {
    const raw = `{"a":"${'x'.repeat(1_048_576)}"}`;
    expect(factOf(raw)).toMatchObject({ detail: { reason: 'too-long' } });
    expect(cpuOf(() => factOf(raw))).toBeLessThan(2_000);
  });
});
