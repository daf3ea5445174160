import { describe, expect, it } from 'vitest';
import { readSourced } from '../../../functions/support/ancestry.ts';

const key = `AKIA${'Z7Q2M4W8X1C5V9B3'}`;

const sourced = (message: string, author: string) =>
  readSourced(() => Promise.resolve({ message, author, parents: [] }), 'shop', 'a1b2c3d', []);

describe('what is read of a commit for an alert', () => {
  it('is its first line and its author', async () => {
    expect(await sourced('Sell faster\n\nand more', 'Ann')).toMatchObject({ subject: 'Sell faster', author: 'Ann' });
  });

  it('has no secret in it, not even one that goes on in the next line', async () => {
    const cut = `${key.slice(0, 12)}\n${key.slice(12)}`;
    expect(await sourced(`Use ${key} for now`, `Ann ${key}`)).toMatchObject({
      subject: 'Use [redacted aws-access-key-id] for now',
      author: 'Ann [redacted aws-access-key-id]',
    });
    expect((await sourced(`Use ${cut} for now`, 'Ann')).subject).toBe('Use [redacted aws-access-key-id] for now');
  });
});
