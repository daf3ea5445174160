import { describe, expect, it } from 'vitest';
import { redact } from '../../../shared/event/redact.ts';
import { replaceEncoded } from '../../../shared/event/redact-encoded.ts';
import { replaceSecrets } from '../../../shared/event/redact-rules.ts';
import { seeded } from '../../harness/random.ts';
import { digest } from './harness.ts';

const rulesIn = (detail: Parameters<typeof redact>[0]): string[] =>
  redact(detail, digest).redactions.map(({ rule }) => rule);

/** A point in time as services write it, of any year, by any clock. */
const someInstant = (next: () => number): string => {
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(next() * 10)).join('');
  const fraction = next() < 0.5 ? '' : `.${digits(1 + Math.floor(next() * 9))}`;
  const zones = ['Z', `+${digits(2)}:${digits(2)}`, `-${digits(4)}`];
  const zone = zones[Math.floor(next() * zones.length)] ?? 'Z';
  return `${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}${fraction}${zone}`;
};

describe('a point in time', () => {
  it('is nothing that any rule takes for a secret, so that it need not be looked at', () => {
    const next = seeded(1);
    const taken: string[] = [];
    for (let time = 0; time < 5_000; time += 1) {
      const said = someInstant(next);
      const note = (secret: string, rule: string) => (taken.push(`${rule} in ${said}`), secret);
      replaceSecrets(said, note);
      replaceEncoded(said, { left: 10_000 }, ({ decoded }) => {
        if (decoded !== null) replaceSecrets(decoded, note);
        return null;
      });
    }
    expect(taken).toEqual([]);
  });

  it('stays where it stands, and goes where the name of its field says that it is secret', () => {
    const at = '2026-11-21T10:00:00.123+0000';
    expect(rulesIn({ at })).toEqual([]);
    expect(rulesIn({ password: at })).toEqual(['field-password']);
  });

  it('hides nothing that stands beside it', () => {
    expect(rulesIn({ said: '2026-11-21T10:00:00Z password=correct-horse-9' })).toHaveLength(1);
    expect(rulesIn({ said: 'AKIAZ7QWERTYU2345678\n2026-11-21T10:00:00Z' })).toHaveLength(1);
    expect(rulesIn({ said: '2026-11-21T10:00:00Z\npassword=correct-horse-9' })).toHaveLength(1);
  });
});

describe('the name of a field', () => {
  it('says the same each time, and its value something else', () => {
    for (let time = 0; time < 2; time += 1) {
      expect(rulesIn({ dbPassword: 'correct-horse-9' })).toEqual(['field-password']);
      expect(rulesIn({ dbPassword: '' })).toEqual([]);
      expect(rulesIn({ name: 'dbPassword', value: 'correct-horse-9' })).toEqual(['field-password']);
      expect(rulesIn({ name: 'colour', value: 'correct-horse-9' })).toEqual([]);
      expect(rulesIn({ 'environment-variables': [{ name: 'a', value: 'b' }] })).toEqual(['plaintext-variable']);
    }
  });

  it('says so after thousands of others, and however long it is', () => {
    const long = `${'x'.repeat(120)}Password`;
    for (let other = 0; other < 5_100; other += 1) expect(rulesIn({ [`colour${other}`]: 'red' })).toEqual([]);
    for (const name of ['dbPassword', long, long]) expect(rulesIn({ [name]: 'correct-horse-9' })).toHaveLength(1);
  });

  it('stands in a pointer as RFC 6901 wants it', () => {
    const detail = { 'a/b~c': { password: 'correct-horse-9' } };
    for (let time = 0; time < 2; time += 1)
      expect(redact(detail, digest).redactions.map(({ pointer }) => pointer)).toEqual(['/a~1b~0c/password']);
  });
});
