import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { isReplayed } from '../../../shared/event/replay.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { shop } from '../../harness/ladder.ts';
import { bodyOf, context, eventOf, factOf, filesUnder, fixture, fixtures, groupsOf, nameOf } from './harness.ts';

const config: Config = { digest: 'd', text: '', environments: [], services: [shop()], routes: [], topics: {} };

/** The entry that a draft becomes in the lane of the fixtures' account. */
const entryOf = (draft: Draft): Entry => ({ ...draft, seq: 7, origin: 'escalator/111122223333/eu-west-1' }) as Entry;

const replay = (file: string): object => ({ ...eventOf(file), 'replay-name': 'rebuild' });

const events = filesUnder(fixtures)
  .map((file) => nameOf(file))
  .filter((name) => name.endsWith('.json') && !name.startsWith('odd/'));

describe('a replayed event', () => {
  it('says so for good, by the name of the replay, whatever it came in', () => {
    for (const file of ['odd/replayed.json', 'odd/replayed-cloudtrail-record.json', 'odd/replayed-sqs-of-alarm.json'])
      expect(fixture(file).detail['replayed']).toBe('rebuild');
  });

  it.each([1, true, {}, [], ''])('says so also where the replay’s name is %j', (name) => {
    expect(factOf({ ...eventOf('cloudwatch/alarm-failing.json'), 'replay-name': name }).detail['replayed']).toBe(
      'unnamed',
    );
  });

  it('says so also in a record that is too large for its detail', () => {
    const event = eventOf('cloudwatch/alarm-failing.json');
    const resources = Array.from({ length: 2_000 }, (_, n) => `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${n}`);
    const { groups } = factsIn(JSON.stringify({ ...event, resources, 'replay-name': 'x'.repeat(90_000) }), context);
    const [draft] = groups[0]?.entries ?? [];
    expect(draft?.detail).toHaveProperty('oversized');
    expect(draft?.detail['replayed']).toBe('x'.repeat(200));
    expect(draft !== undefined && isReplayed(draft)).toBe(true);
  });

  it('is the same fact as the one that was recorded when it happened', () => {
    for (const file of events)
      expect(groupsOf(replay(file)).map(({ key }) => key)).toEqual(groupsOf(bodyOf(file)).map(({ key }) => key));
    for (const [replayed, original] of [
      ['odd/replayed-unknown.json', 'odd/unknown-source.json'],
      ['odd/replayed-cloudtrail-record.json', 'odd/cloudtrail-record.json'],
      ['odd/replayed-sqs-of-alarm.json', 'cloudwatch/alarm-failing.json'],
    ])
      expect(fixture(replayed ?? '').key).toBe(fixture(original ?? '').key);
  });

  it('has no secret in its name', () => {
    const said = factOf({ ...eventOf('cloudwatch/alarm-failing.json'), 'replay-name': 'password=hunter2hunter2' });
    expect(JSON.stringify(said)).not.toContain('hunter2hunter2');
  });

  it('moves no ladder, though the same event that was not replayed does', () => {
    const heeded = events.filter((file) => {
      const [original, replayed] = [eventOf(file), replay(file)].map((event) =>
        groupsOf(event).flatMap(({ entries }) => entries.flatMap((draft) => inputsOf(entryOf(draft), config))),
      );
      expect(replayed).toEqual([]);
      return (original ?? []).length > 0;
    });
    expect(heeded).toContain('cloudwatch/alarm-failing.json');
    expect(heeded).toContain('codepipeline/stage-succeeded.json');
    expect(heeded).toContain('codepipeline/action-source-succeeded.json');
  });
});

describe('an event that does not say whose it is', () => {
  it('moves no ladder either', () => {
    const bare = fixture('odd/without-source-alarm.json');
    expect(inputsOf(entryOf(bare), config)).toEqual([]);
    expect(inputsOf(entryOf(fixture('cloudwatch/alarm-failing.json')), config)).toHaveLength(1);
  });
});

describe('an event of today', () => {
  it('says nothing of replays', () => {
    for (const file of events)
      for (const { entries } of groupsOf(bodyOf(file)))
        for (const draft of entries) expect(isReplayed(draft)).toBe(false);
  });
});
