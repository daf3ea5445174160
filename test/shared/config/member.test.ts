import { describe, expect, it } from 'vitest';
import { laddersOf } from '../../../shared/config/config.ts';
import { isOf, memberRoleArn, membersOf, placedHere } from '../../../shared/config/member.ts';
import { parseConfig } from '../../../shared/config/parse.ts';
import { readShipped, shippedText } from '../../../shared/config/shipped.ts';

const home = { account: '111122223333', region: 'eu-central-1' };
const written = (place: string): string => `version: 1
environments:
  production:
    ${place}
    services: { shop: { pipeline: shop, stage: Deploy, checks: { up: { alarm: up, level: l } }, ladder: [{ level: l, do: redeploy }] } }
  staging:
    services: { shop: { pipeline: shop, stage: Deploy, checks: { up: { alarm: up, level: l } }, ladder: [{ level: l, do: redeploy }] } }
topics: { sre: { sns: sre } }
`;
const read = (place: string) => parseConfig(written(place), 'escalator.yaml');
const configOf = (place: string) => {
  const parsed = read(place);
  if ('config' in parsed) return parsed.config;
  throw new Error(JSON.stringify(parsed.mistakes));
};
const at = (account: string, region: string) => ({ account, region });

describe('an environment elsewhere', () => {
  const config = configOf("account: '444455556666'\n    region: eu-west-1");
  const members = membersOf(config, home);

  it('is told by its account and Region, and what it leaves out is the same as at home', () => {
    expect(members).toEqual([{ environment: 'production', account: '444455556666', region: 'eu-west-1' }]);
    expect(membersOf(configOf('region: eu-west-1'), home)).toMatchObject([at(home.account, 'eu-west-1')]);
    expect(membersOf(configOf("account: '444455556666'"), home)).toMatchObject([at('444455556666', home.region)]);
    expect(membersOf(configOf('quiescence: 30s'), home)).toEqual([]);
  });

  it('is here like all others on one machine', () => {
    expect(membersOf(placedHere(config), home)).toEqual([]);
    expect(placedHere(config)).toMatchObject({ digest: config.digest, text: config.text });
  });

  it('is told to the functions as it was written', () => {
    const shipped = readShipped(shippedText(config), 'escalator.json');
    expect(membersOf(shipped, home)).toEqual(members);
  });

  it.each([
    ['444455556666', 'eu-west-1', ['production/shop']],
    ['444455556666', 'us-east-1', []],
    [home.account, home.region, ['staging/shop']],
    [home.account, 'us-east-1', ['staging/shop']],
    [home.account, 'eu-west-1', ['staging/shop']],
    ['999999999999', home.region, []],
  ])('what happens in %s %s is of %j', (account, region, of) => {
    const concerned = laddersOf(config).filter((ladder) => isOf(at(account, region), ladder, { home, members }));
    expect(concerned.map(({ ladder }) => ladder)).toEqual(of);
  });

  it('in another Region of the same account is not taken for home, nor home for it', () => {
    const there = configOf('region: eu-west-1');
    const places = { home, members: membersOf(there, home) };
    const of = (region: string) => laddersOf(there).filter((one) => isOf(at(home.account, region), one, places));
    expect(of('eu-west-1').map(({ ladder }) => ladder)).toEqual(['production/shop']);
    expect(of('eu-central-1').map(({ ladder }) => ladder)).toEqual(['staging/shop']);
  });

  it.each([
    ["account: '4444'", 'the 12 digits'],
    ['account: 444455556666', 'the 12 digits of an account, in quotes'],
    ['region: Frankfurt', 'a Region, such as eu-west-1'],
  ])('is not written %s', (place, wanted) => {
    const parsed = read(place);
    expect('mistakes' in parsed ? parsed.mistakes.map((one) => one.wanted) : []).toEqual([
      expect.stringContaining(wanted),
    ]);
  });

  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ])('in %s has its roles in the partition %s', (region, partition) => {
    const arn = memberRoleArn({ environment: 'production', ...at('444455556666', region) }, 'act');
    expect(arn).toBe(`arn:${partition}:iam::444455556666:role/escalator-production-act`);
  });
});
