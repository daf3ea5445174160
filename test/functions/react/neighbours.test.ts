import { describe, expect, it } from 'vitest';
import type { DecidedOn } from '../../../shared/ladder/record.ts';
import { configOf, standing, type Town, town } from '../../harness/town.ts';

const below = ['production/shop', 'production/cart', 'production/mail'];
const oneTown = (): Promise<Town> => town(configOf(['shop', 'cart', 'mail'].map((name) => standing(name))));

/** What each decision of a ladder on one type of input was made on, oldest first. */
const decidedOn = ({ entries }: Town, ladder: string, type: string): DecidedOn[] =>
  entries
    .filter(({ kind, detail }) => kind === 'ladder.decided' && detail['ladder'] === ladder)
    .map(({ detail }) => detail as unknown as DecidedOn)
    .filter(({ input }) => input.type === type);

describe('what a ladder decides on besides its own checks', () => {
  it('is what that of its environment says, and which services fail where it is about to begin', async () => {
    const test = await oneTown();
    test.world.deployed.set('shop', 0);
    await test.read();
    await test.forward(40_000);
    const [read] = decidedOn(test, 'production/shop', 'read').slice(-1);
    const [timer] = decidedOn(test, 'production/shop', 'timer');
    expect(timer?.readings.above).toMatchObject({ by: null, call: null });
    expect(timer?.readings.account).toMatchObject({ services: 3, failing: [{ ladder: 'production/shop' }] });
    expect(timer?.readings).not.toHaveProperty('below');
    expect(read?.readings).toHaveProperty('above');
    expect(read?.readings).not.toHaveProperty('account');
  });

  it('is, for that of an environment, how each of its services stands, or the one that it was told of', async () => {
    const test = await oneTown();
    test.world.up = false;
    await test.read();
    await test.forward(120_000);
    const [timer] = decidedOn(test, 'production', 'timer');
    expect(Object.keys(timer?.readings.below ?? {})).toEqual(below);
    expect(timer?.readings.below?.['production/shop']).toMatchObject({ by: 'production.2', acting: null });
    const [read] = decidedOn(test, 'production', 'read');
    expect(read?.readings).not.toHaveProperty('below');
    await test.forward(600_000);
    const told = decidedOn(test, 'production', 'below');
    expect(told.map(({ readings }) => Object.keys(readings.below ?? {}))).toEqual(
      told.map(({ input }) => (input.type === 'below' ? [input.ladder] : [])),
    );
    expect(told).not.toEqual([]);
  });
});
