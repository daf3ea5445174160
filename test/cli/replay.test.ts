import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { maxBytes, type Parcel, parcelsIn, replayedIn } from '../../cli/events/parcels.ts';
import { factsIn } from '../../shared/event/facts-in.ts';
import type { Draft } from '../../shared/trail/entry.ts';
import { badBody, badInputs } from '../shared/event/bad-input.ts';
import { bodyOf, context, filesUnder, fixtures, nameOf } from '../shared/event/harness.ts';

const name = 'rebuild';

const bodiesOf = (parcels: Parcel[]): string[] => parcels.map((parcel) => (parcel.by === 'queue' ? parcel.body : ''));

/** What a file puts on record when it is replayed. */
const replay = (text: string): { key: string; draft: Draft | undefined }[] =>
  bodiesOf(replayedIn(text, name))
    .flatMap((body) => factsIn(body, context).groups)
    .map(({ key, entries }) => ({ key, draft: entries[0] }));

const keysOf = (text: string): string[] => factsIn(text, context).groups.map(({ key }) => key);

const eventFiles = filesUnder(fixtures)
  .map((file) => nameOf(file))
  .filter((file) => !file.startsWith('quarantined/') && file !== 'odd/list.json');

describe('a file that is replayed', () => {
  it.each(eventFiles)('%s is the same facts as when it happened, and each says that it was replayed', (file) => {
    const facts = replay(bodyOf(file));
    expect(facts.map(({ key }) => key)).toEqual(keysOf(bodyOf(file)));
    for (const { draft } of facts) expect(draft?.detail['replayed']).toBe(name);
  });

  it.each(badInputs.map(({ file }) => file).filter((file) => file !== 'empty.txt'))(
    '%s is the same facts too, as bad as it is',
    (file) => {
      expect(replay(badBody(file)).map(({ key }) => key)).toEqual(keysOf(badBody(file)));
    },
  );

  it('is each event of a list; what in it is no event goes in as it is', () => {
    const facts = replay(bodyOf('odd/list.json'));
    expect(facts.map(({ draft }) => draft?.kind)).toEqual([
      'pipeline.started',
      'stage.started',
      'quarantined',
      'alarm.changed',
    ]);
    expect(facts.map(({ draft }) => draft?.detail['replayed'])).toEqual([name, name, undefined, name]);
  });

  it('keeps the name of EventBridge’s own replay where it has one', () => {
    const [body] = bodiesOf(replayedIn('{"detail-type":"x","replay-name":"theirs"}', name));
    expect(body).toBe('{"replay-name":"theirs","detail-type":"x"}');
  });

  it('keeps every digit and every name', () => {
    const text = '{"n":[9007199254740993,-9223372036854775808,0.1234567890123456789,1e400,1.0],"__proto__":{"a":1}}';
    expect(bodiesOf(replayedIn(text, name))).toEqual([`{"replay-name":"${name}",${text.slice(1)}`]);
    expect(bodiesOf(replayedIn(`[${text}]`, name))).toEqual([`{"replay-name":"${name}",${text.slice(1)}`]);
  });

  it('with a key twice goes in as it is, and is quarantined as it was', () => {
    const text = '{"a":1,"a":2}';
    expect(bodiesOf(replayedIn(text, name))).toEqual([text]);
  });

  it('is refused with the reason where the queue would not take it', () => {
    const [parcel] = replayedIn(JSON.stringify({ fill: 'x'.repeat(maxBytes - 20) }), name);
    expect(parcel).toMatchObject({ by: 'none', reason: expect.stringContaining('more than AWS takes') as string });
  });
});

describe('an event that is put again', () => {
  it('keeps every digit of its detail', () => {
    const text = readFileSync(
      fileURLToPath(new URL('../fixtures/bad-input/numbers-beyond-a-double.json', import.meta.url)),
      'utf8',
    );
    const [parcel] = parcelsIn(text);
    expect(parcel?.by === 'bus' && parcel.entry.Detail).toContain(
      '"numbers":[9007199254740993,-9223372036854775808,0.1234567890123456789,1e400,1.0,1E2,-0]',
    );
  });

  it('with a number for a detail goes in as it is', () => {
    const text = '{"source":"aws.ecr","detail-type":"x","time":"2026-11-21T04:05:06Z","detail":9007199254740993}';
    expect(parcelsIn(text)).toMatchObject([{ by: 'queue', body: text }]);
  });
});
