import { describe, expect, it } from 'vitest';
import { mayBe, mayBeOne } from '../../../shared/ladder/who.ts';
import type { Actor } from '../../../shared/trail/entry.ts';

const person = (name: string, id = name): Actor => ({ type: 'person', id, name, verified: true });
const session = (name: string): Actor => ({ type: 'role-session', id: `x/${name}`, role: 'Dev', session: name });

describe('one who approves', () => {
  it.each([
    ['ada', 'ada'],
    ['ada', 'Ada'],
    ['ada', 'Ada Lovelace'],
    ['Ada Lovelace', 'ada'],
    ['ada.lovelace@example.com', 'Ada Lovelace'],
    ['lovelace-ada', 'Ada Lovelace'],
    ['ada', 'ada@example.com'],
    ['\uff41\uff44\uff41', 'Ada'],
    [' ada ', 'ADA  B. Lovelace'],
    ['\u{1f600}', '\u{1f600}'],
  ])('%j may be %j', (who, author) => {
    expect(mayBe(person(who), author)).toBe(true);
    expect(mayBe(session(who), author)).toBe(true);
  });

  it.each([
    ['ben', 'Ada'],
    ['ada brown', 'Ada Lovelace'],
    ['adam', 'Ada'],
    ['ad', 'Ada'],
    ['ada', null],
    ['ada', ''],
    ['', 'Ada'],
    ['ben@ada.com', 'Ada'],
  ])('%j is not %j', (who, author) => {
    expect(mayBe(person(who), author)).toBe(false);
  });

  it('is one with whoever has their id, or may have their name, whatever they signed in as', () => {
    expect(mayBeOne(person('a', 'same'), person('b', 'same'))).toBe(true);
    expect(mayBeOne(session('ada'), person('Ada Lovelace'))).toBe(true);
    expect(mayBeOne(session('ada'), session('ben'))).toBe(false);
    expect(mayBeOne({ type: 'unknown' }, { type: 'unknown' })).toBe(false);
  });
});
