import { describe, expect, it } from 'vitest';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { configOf, standing } from '../../harness/town.ts';

const config = configOf([standing('shop'), standing('cart'), standing('alone', { above: null })]);
/** Which ladders look again when a ladder said something. */
const look = (kind: string, service: string | null, over: Partial<Entry> = {}) => {
  const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
  const entry = { ...draftOf({ kind, environment: 'production', service, source }), seq: 7, origin: 'escalator/1/r' };
  return inputsOf({ ...entry, ...over } as unknown as Entry, config).map((one) => [one.service.ladder, one.input]);
};
const above = { type: 'above', seq: 7 };

describe('what the ladder of an environment says', () => {
  it.each(['incident.opened', 'services.called', 'incident.closed', 'call.refused'])(
    'has its services look at it, and no others: %s',
    (kind) => {
      expect(look(kind, null)).toEqual([
        ['production/shop', above],
        ['production/cart', above],
      ]);
    },
  );

  it('of what they do not ask has nobody look, nor does what calls itself so', () => {
    expect(look('incident.settling', null)).toEqual([]);
    expect(look('incident.opened', null, { environment: 'staging' })).toEqual([]);
    const source = { name: 'my.app', account: '1', region: 'r', id: null, digest: null };
    expect(look('incident.opened', null, { source })).toEqual([]);
  });
});

describe('what the ladder of a service says', () => {
  it.each(['incident.closed', 'call.refused'])('has its environment look, once it has ended: %s', (kind) => {
    expect(look(kind, 'shop')).toEqual([['production', { type: 'below', seq: 7, ladder: 'production/shop' }]]);
  });

  it('has nobody look when it begins, or where it stands on nothing', () => {
    expect(look('incident.opened', 'shop')).toEqual([]);
    expect(look('incident.closed', 'elsewhere')).toEqual([]);
  });
});
