import { describe, expect, it } from 'vitest';
import { emptyLane } from '../../../shared/trail/segment.ts';
import { begin, end, freshWriter, lookAhead, lose, noteMarkers } from '../../../shared/trail/writer.ts';

const at = (ms: number): Date => new Date(ms);
const head = { ...emptyLane, n: 7 };
const marker = (key: string) => ({ key, segment: 8, seq: 0, count: 1, digest: '' });
const warmWriter = () => {
  const writer = freshWriter();
  begin(writer, at(0));
  end(writer, head, at(0));
  return writer;
};

describe('a writer', () => {
  it('goes on from its last segment for a second, and reads the newest after that', () => {
    expect(begin(freshWriter(), at(0))).toBeNull();
    expect(begin(warmWriter(), at(999))).toBe(head);
    expect(begin(warmWriter(), at(1_000))).toBeNull();
  });

  it('has nothing to go on from while an append is under way, nor after one that failed', () => {
    const writer = warmWriter();
    begin(writer, at(1));
    expect(begin(writer, at(2))).toBeNull();
  });

  it('reads ahead only from where it knows the lane: not first, nor in an append that has to read the newest', () => {
    const writer = freshWriter();
    expect(lookAhead(writer, at(0))).toBeNull();
    begin(writer, at(0));
    expect(lookAhead(writer, at(0))).toBeNull();
    end(writer, head, at(0));
    expect(lookAhead(writer, at(0))?.sound).toBe(true);
    expect(lookAhead(writer, at(5_000))).toBeNull();
    begin(writer, at(5_000));
    expect(lookAhead(writer, at(5_000))).toBeNull();
  });

  it('learns for each that waits what is recorded from its look on', () => {
    const writer = warmWriter();
    const first = lookAhead(writer, at(0));
    noteMarkers(writer, [marker('a')]);
    const second = lookAhead(writer, at(0));
    noteMarkers(writer, [marker('b')]);
    expect([first, second].map((look) => look?.since.map(({ key }) => key))).toEqual([['a', 'b'], ['b']]);
  });

  it('believes nothing that was read before another came between, whatever came after', () => {
    const writer = warmWriter();
    begin(writer, at(1));
    const before = lookAhead(writer, at(0));
    lose(writer);
    expect(lookAhead(writer, at(0))).toBeNull();
    end(writer, head, at(2));
    expect(before?.sound).toBe(false);
    expect(lookAhead(writer, at(0))?.sound).toBe(true);
  });
});
