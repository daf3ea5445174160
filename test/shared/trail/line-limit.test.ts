import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { shrink } from '../../../shared/event/shrink.ts';
import { buildSegment, emptyLane, lineLimit, linesOf, propose } from '../../../shared/trail/segment.ts';
import { draftOf } from '../../harness/drafts.ts';
import { bodyOf, context, filesUnder, fixtures, nameOf } from '../event/harness.ts';

const place = { lane: '1.r', origin: 'escalator/999988887777/ap-southeast-99', at: '2026-11-21T12:00:00.000Z' };
const bodies = filesUnder(fixtures)
  .filter((file) => file.endsWith('.json'))
  .map((file) => bodyOf(nameOf(file)));

/** Bytes of the longest line that a message comes to on the trail; throws where a group of it is refused. */
const longestLine = (body: string): number => {
  const lines = factsIn(body, context).groups.flatMap((group) => {
    const segment = buildSegment(emptyLane, [propose(group)], place);
    return segment === null ? [] : linesOf(segment);
  });
  return Math.max(...lines.map((line) => Buffer.byteLength(line)));
};

/** Every text of an event, one after the other or all at once, made long: of letters, of quotes, of what JSON escapes. */
const grown = (value: unknown, text: (was: string) => string): unknown => {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((member) => grown(member, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, grown(member, text)]));
};

const fillings = ['x', '"', '\u0001', '漢', '\u{1F600}', '%', ','];
/** What decides how an event is read stays as it is. */
const kept = new Set(['source', 'detail-type', 'eventSource', 'eventName', 'event', 'state', 'value', 'eventType']);

const growAll = (body: string, filling: string, length: number): string => {
  const event = JSON.parse(body) as { [name: string]: unknown };
  const long = (was: string): string => `${was}${filling.repeat(length)}`;
  const within = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return grown(value, long);
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, kept.has(name) ? member : within(member)]),
    );
  };
  return JSON.stringify(within(event));
};

const readable = bodies.filter((body) => {
  try {
    return typeof JSON.parse(body) === 'object';
  } catch {
    return false;
  }
});

describe('what a message puts on record', () => {
  it.each(fillings)('fits in a bundle, though every name and text in it is thousands of %j longer', (filling) => {
    for (const [index, body] of readable.entries()) {
      const length = [1_200, 2_500, 12_000][index % 3] ?? 1_200;
      const long = growAll(body, filling, length);
      if (Buffer.byteLength(long) < 1_048_576) expect(longestLine(long)).toBeLessThanOrEqual(lineLimit);
    }
  });

  it('fits in a bundle, whatever its fields are', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...readable),
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.jsonValue()), { maxLength: 5 }),
        fc.constantFrom(...fillings),
        fc.nat(70_000),
        (body, more, filling, length) => {
          const event = JSON.parse(body) as { detail?: object };
          const detail = {
            ...event.detail,
            ...Object.fromEntries(more),
            [filling.repeat(length % 900)]: filling.repeat(length),
          };
          expect(longestLine(JSON.stringify({ ...event, detail }))).toBeLessThanOrEqual(lineLimit);
        },
      ),
    ));

  it('fits in a bundle, though a draft has nothing but names, each as long as a name may be', () => {
    const name = '\u0001'.repeat(1_000);
    const { draft, object } = shrink(
      draftOf({
        actor: { type: 'role-session', id: name, role: name, session: name },
        subject: name,
        change: { repository: name, commit: name },
        execution: name,
        outcome: name,
        reason: name.repeat(2),
        source: { name, account: name, region: name, id: name, digest: 'd'.repeat(64) },
        detail: { pipeline: name, log: name.repeat(60) },
        redactions: Array.from({ length: 60 }, () => ({ pointer: name.slice(500), rule: 'r', digest: 'd'.repeat(64) })),
      }),
    );
    expect(() => propose({ key: `long#${'0'.repeat(64)}`, entries: [draft] })).not.toThrow();
    expect(draft.detail['oversized']).toMatchObject({ sha256: object?.sha256 });
  });
});
