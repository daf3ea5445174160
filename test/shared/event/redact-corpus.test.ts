import { describe, expect, it } from 'vitest';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { kindNames, type Planted, plantedOf } from '../../fixtures/secrets/kinds.ts';
import { places } from '../../fixtures/secrets/places.ts';
import { writings } from '../../fixtures/secrets/writings.ts';
import { context } from './harness.ts';

const ofEachKind = 3 * Math.max(1, Number(process.env['ESCALATOR_RUNS'] ?? 1));

/** A piece of a secret this long is as good as found. */
const pieceLength = 12;

/** Everything that is kept of a message: what goes on record, and what goes to the object store. */
const keptOf = (body: object): string => {
  const { groups, objects } = factsIn(JSON.stringify(body), context);
  return JSON.stringify(groups) + objects.map((object) => Buffer.from(object.body).toString()).join('');
};

/** Whatever stands between two halves of a secret is not there for the one who reads it. */
const withoutBreaks = (kept: string): string => kept.replaceAll(/\\+[rn]|\\+|\s/g, '');

/** Pieces of what was planted: of the secret itself, and of the code that it was written in. */
const piecesOf = (secret: string): string[] => {
  const whole = withoutBreaks(JSON.stringify(secret).slice(1, -1));
  if (whole.length <= pieceLength) return [whole];
  return Array.from({ length: whole.length - pieceLength + 1 }, (_, at) => whole.slice(at, at + pieceLength));
};

const runsIn = (text: string): string[] => text.match(/[A-Za-z0-9+/%_=-]{20,}/g) ?? [];

/** What can still be read of a secret. */
const leakOf = (kept: string, { secret }: Planted, text: string, encoded: boolean): string | null => {
  const plain = withoutBreaks(kept);
  const pieces = [...piecesOf(secret), ...(encoded ? runsIn(text) : [])];
  return pieces.find((piece) => plain.includes(piece)) ?? null;
};

const isEncoded = (how: string, text: string, { secret }: Planted): boolean =>
  !text.includes(secret) && /base64|percent|form/.test(how);

const leaksOf = (planted: Planted): string[] =>
  Object.entries(writings).flatMap(([how, write]) => {
    const text = write(planted);
    const encoded = isEncoded(how, text, planted);
    return Object.entries(places).flatMap(([where, place]) => {
      const leak = leakOf(keptOf(place(text)), planted, text, encoded);
      return leak === null ? [] : [`${how}, in ${where}: ${leak} of ${text}`];
    });
  });

describe('the secrets of the corpus', () => {
  it('are at least 200 of 40 kinds, all different', () => {
    const all = kindNames.flatMap((kind) => plantedOf(kind, 3));
    expect(kindNames.length).toBeGreaterThanOrEqual(40);
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(200);
    for (const { secret, written } of all) expect(written).toContain(secret);
  });

  it('would be found in a record that was not redacted', () => {
    const unseen = kindNames
      .flatMap((kind) => plantedOf(kind, 1))
      .flatMap((planted) =>
        Object.entries(writings).flatMap(([how, write]) => {
          const text = write(planted);
          return leakOf(JSON.stringify({ text }), planted, text, isEncoded(how, text, planted)) === null
            ? [`${planted.kind} ${how}`]
            : [];
        }),
      );
    expect(unseen).toEqual([]);
  });

  it.each(kindNames)('%s: can be read nowhere, however it is written and wherever it comes in', (kind) => {
    expect(plantedOf(kind, ofEachKind).flatMap(leaksOf)).toEqual([]);
  });
});
