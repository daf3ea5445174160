import { describe, expect, it } from 'vitest';
import { changesOf, commit, described, ended, pushed, reached, sourced } from '../../../harness/changes.ts';

const failing = (letter: string, why: string) => ({ said: 'failing' as const, execution: `run-${letter}`, why });
const where = { environment: 'production', service: 'shop' };

describe('what a developer hears of a change', () => {
  it('is gathered where nothing has to be done about it', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'));
    changes.at(1, described('a'));
    changes.at(2, sourced('a'));
    changes.at(20, { said: 'built', execution: 'run-a', action: 'Build' });
    changes.until(600);
    expect(changes.lines.map(({ s, outcome }) => `${s} ${outcome}`)).toEqual([
      '0 group-wait',
      '1 taken-in',
      '2 taken-in',
      '20 group-wait',
      '30 news',
    ]);
    expect(changes.told()).toEqual(['30 shop aaaaaaa built']);
  });

  it('is told at once where it stopped, with the reason', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'));
    changes.at(1, sourced('a'));
    changes.at(9, failing('a', 'Test in stage Build failed: 3 tests'));
    changes.at(10, ended('a'));
    expect(changes.told()).toEqual(['10 shop aaaaaaa stopped: Test in stage Build failed: 3 tests']);
  });

  it('waits ten seconds for a reason that comes behind its end, and no longer', () => {
    const [late, never] = [changesOf(), changesOf()];
    for (const changes of [late, never]) {
      changes.at(0, pushed('a'));
      changes.at(1, sourced('a'));
      changes.at(10, ended('a'));
    }
    late.at(12, failing('a', 'Test in stage Build failed'));
    never.until(60);
    expect(late.lines.at(-2)?.outcome).toBe('reason-awaited');
    expect(late.told()).toEqual(['12 shop aaaaaaa stopped: Test in stage Build failed']);
    expect(never.told()).toEqual(['20 shop aaaaaaa stopped']);
  });

  it('says what an approval waits for', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'));
    changes.at(1, sourced('a'));
    changes.at(60, { said: 'waiting', execution: 'run-a', stage: 'Production', action: 'Approve' });
    expect(changes.told().at(-1)).toBe(
      '60 shop aaaaaaa waits since 2026-11-21 12:01:00 UTC for whoever may approve Approve in stage Production',
    );
  });

  it('says that it was rolled back, to what and why', () => {
    const changes = changesOf();
    changes.at(0, pushed('b'));
    changes.at(1, sourced('b'));
    changes.at(40, reached('b'));
    changes.at(90, reached('a', true));
    changes.at(91, { said: 'quarantined', ...where, commit: commit('b'), incident: 'i', by: null, why: 'smoke fails' });
    expect(changes.told().slice(-2)).toEqual([
      '40 shop bbbbbbb deployed: shop in production',
      '91 shop bbbbbbb rolled back to aaaaaaa, shop in production: smoke fails',
    ]);
  });

  it('says that a person was called where it is the suspect, unless it was rolled back for that', () => {
    const [kept, gone] = [changesOf(), changesOf()];
    for (const changes of [kept, gone]) {
      changes.at(0, pushed('b'));
      changes.at(1, sourced('b'));
      changes.at(40, reached('b'));
      changes.at(50, { said: 'suspected', ...where, incident: 'i', execution: 'run-b' });
    }
    gone.at(90, { said: 'quarantined', ...where, commit: commit('b'), incident: 'i', by: null, why: 'smoke fails' });
    for (const changes of [kept, gone]) {
      changes.at(95, { said: 'handed-over', ...where, incident: 'another', why: 'x' });
      changes.at(99, { said: 'handed-over', ...where, incident: 'i', why: 'smoke fails' });
    }
    expect(kept.told().at(-1)).toBe(
      '99 shop bbbbbbb stopped: shop in production fails, it is the suspect, and a person is called: smoke fails',
    );
    expect(gone.told().at(-1)).toContain('90 shop bbbbbbb rolled back');
  });

  it('says that a person quarantined it, and that it contains what is quarantined', () => {
    const changes = changesOf();
    changes.at(0, pushed('b'));
    changes.at(1, { said: 'quarantined', ...where, commit: commit('b'), incident: null, by: 'mia', why: 'a leak' });
    changes.at(2, { said: 'warned', ...where, commit: commit('b'), contains: commit('a'), advice: 'git revert a' });
    expect(changes.told()).toEqual([
      '1 shop bbbbbbb stopped, mia quarantined it for shop in production: a leak',
      '2 shop bbbbbbb contains aaaaaaa, which is quarantined for shop in production',
    ]);
  });

  it('is nothing new where a ladder puts it there again', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'));
    changes.at(1, sourced('a'));
    changes.at(40, reached('a'));
    changes.at(90, reached('a', true));
    expect(changes.told()).toHaveLength(2);
  });

  it('is told once, however often its entry comes', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'));
    changes.at(1, sourced('a'));
    changes.at(2, ended('a', 'stopped', { reason: 'not now' }));
    changes.again(3, ended('a', 'stopped', { reason: 'not now' }));
    changes.at(4, ended('a', 'stopped', { reason: 'not now' }));
    expect(changes.lines.map(({ outcome }) => outcome).slice(-3)).toEqual(['news', 'taken-in-already', 'not-followed']);
    expect(changes.told()).toEqual(['2 shop aaaaaaa stopped: not now']);
  });

  it('is known and not told where it comes on record an hour late', () => {
    const changes = changesOf();
    changes.at(0, pushed('a'), true);
    changes.at(1, sourced('a'));
    changes.at(2, ended('a', 'failed', { reason: 'x' }), true);
    changes.until(9_999);
    expect(changes.lines.map(({ outcome }) => outcome)).toEqual(['found-late', 'taken-in', 'found-late']);
  });

  it('is nothing where the change is not known', () => {
    const changes = changesOf();
    changes.at(0, ended('a'));
    changes.at(1, described('a'));
    expect(changes.decisions.map(({ recorded, outcome }) => [recorded, outcome])).toEqual([
      [false, 'not-followed'],
      [false, 'not-followed'],
    ]);
  });
});

describe('a burst of fifty pushes by one author', () => {
  const changes = changesOf();
  const letters = Array.from({ length: 50 }, (_, index) => index.toString(16).padStart(2, '0'));
  letters.forEach((name, index) => {
    const id = name.repeat(20);
    changes.at(index, pushed('a', { commit: id }));
    changes.at(index, {
      said: 'described',
      commit: id,
      author: { name: 'Ada', email: null },
      subject: 's',
      parent: null,
    });
  });
  const last = '31'.repeat(20);
  changes.at(51, { said: 'sourced', commit: last, repository: 'shop', execution: 'run' });
  changes.at(120, { said: 'reached', ...where, commit: last, execution: 'run', byRollback: false });
  changes.until(3_600);

  it('is a handful of messages', () => {
    expect(changes.told().length).toBeLessThanOrEqual(5);
    expect(changes.told().some((line) => line.includes('deployed: shop in production'))).toBe(true);
  });

  it('says on each commit that was passed over by which', () => {
    const superseded = changes.said().filter((text) => text.includes('superseded by 3131313'));
    expect(superseded).toHaveLength(39); // of the forty that are followed
  });

  it('puts no more on record than a group holds', () => {
    const sizes = changes.decisions.map(({ messages, comments }) => 1 + messages.length + comments.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  });
});

describe('changes that fail one after the other', () => {
  it('are five messages at once, and the rest in one when the interval is over', () => {
    const changes = changesOf({ comments: [] });
    for (const [index, letter] of [...'abcdefgh'].entries()) {
      changes.at(index, pushed(letter));
      changes.at(index, sourced(letter));
      changes.at(index, ended(letter, 'stopped', { reason: letter }));
    }
    changes.until(600);
    expect(changes.told().map((line) => line.split(' ')[0])).toEqual(['0', '1', '2', '3', '4', '300']);
    expect(changes.told().at(-1)).toBe(
      '300 shop hhhhhhh stopped: h + shop ggggggg stopped: g + shop fffffff stopped: f',
    );
  });

  it('of several authors are a message to each', () => {
    const changes = changesOf({ comments: [] });
    for (const [letter, name] of [
      ['a', 'Ada'],
      ['b', 'Bob'],
    ] as const) {
      changes.at(0, pushed(letter, { ref: `refs/heads/${name}` }));
      changes.at(1, described(letter, name));
    }
    changes.until(60);
    const [message, other] = changes.decisions.flatMap(({ messages }) => messages);
    expect([message?.of?.authors, other?.of?.authors]).toEqual([
      ['Bob', 'bob@example.com'],
      ['Ada', 'ada@example.com'],
    ]);
  });
});

describe('what is off', () => {
  it('is silent: no topic, no message; no comments, no comment', () => {
    const [quiet, spoken] = [changesOf({ comments: [] }), changesOf({ to: null })];
    for (const changes of [quiet, spoken]) {
      changes.at(0, pushed('a'));
      changes.at(1, sourced('a'));
      changes.at(2, ended('a', 'stopped', { reason: 'x' }));
      changes.until(600);
    }
    expect([quiet.told().length > 0, quiet.said()]).toEqual([true, []]);
    expect([spoken.told(), spoken.said()]).toEqual([[], [expect.stringContaining('stopped: x')]]);
    expect(spoken.state().changes[0]?.news).toEqual([]);
  });
});
