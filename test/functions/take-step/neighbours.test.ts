import { describe, expect, it } from 'vitest';
import type { DecidedOn } from '../../../shared/ladder/record.ts';
import { configOf, standing, type Town, town } from '../../harness/town.ts';

const minute = 60_000;
/** What each claim of any ladder was decided on, oldest first. */
const claims = ({ entries }: Town): DecidedOn[] =>
  entries
    .filter(({ kind }) => kind === 'ladder.decided')
    .map(({ detail }) => detail as unknown as DecidedOn)
    .filter(({ input }) => input.type === 'claim');

describe('right before an act', () => {
  it('it is read what the ladder of its environment says, and which services of the account fail', async () => {
    const test = await town(configOf(['shop', 'cart', 'mail'].map((name) => standing(name))));
    test.world.deployed.set('shop', 0);
    await test.read();
    await test.forward(2 * minute);
    const [claim] = claims(test);
    expect(claim?.readings.above).toMatchObject({ by: null, call: null });
    expect(claim?.readings.account).toMatchObject({ services: 3, failing: [{ ladder: 'production/shop' }] });
  });

  it('a slot is taken; who finds none waits, and says who has it', async () => {
    const two = ['s0', 's1'].map((name) => standing(name, { above: null }));
    const account = { acting: 1, share: 100, least: 100, within: minute };
    const test = await town({ ...configOf(two), environments: [], account });
    for (const name of ['s0', 's1']) test.world.deployed.set(name, 0);
    await test.read();
    await test.forward(minute);
    expect(test.did()).toHaveLength(1);
    expect(claims(test)[1]?.readings.act?.full).toBe('production/s0 acts already (account/1)');
  });
});
