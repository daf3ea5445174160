import { expect, it } from 'vitest';
import { ticketsIn } from '../../../shared/population/tickets.ts';

it.each([
  ['SHOP-12: prices', ['SHOP-12']],
  ['fix #34, see OPS2-1 and #34', ['#34', 'OPS2-1']],
  ['[ABC-123](https://example.com/x#99) closes org/repo#5', ['ABC-123']],
  ['read UTF-8 with SHA-256, as RFC-6962 says; CVE-2024-1234', []],
  ['it&#39;s lower-case-1 a-1 A-1 AB-0 #0 #1a', []],
  ['my-ABC-1 ABC-1-2', []],
  [null, []],
])('finds tickets where they are meant: %s', (message, tickets) => expect(ticketsIn(message)).toEqual(tickets));

it('finds twenty at most, in little time, however long the message is', () => {
  const many = Array.from({ length: 100_000 }, (_, n) => `AB-${n + 1}`).join(' ');
  expect(ticketsIn(many)).toHaveLength(20);
  expect(ticketsIn(`${'A'.repeat(1_000_000)}-1`)).toEqual([]);
});
