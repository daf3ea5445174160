import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/config/config.ts';
import { locateIn, together } from '../../../shared/event/locate.ts';
import { shop } from '../../harness/ladder.ts';

const configured = (...services: Partial<Parameters<typeof shop>[0] & object>[]): Config => ({
  digest: '',
  text: '',
  environments: [],
  services: services.map((over) => shop(over)),
  routes: [],
  topics: {},
});

describe('where something belongs', () => {
  const one = locateIn(configured({}));

  it('is what the configuration says of its pipeline, alarm, repository and group', () => {
    const production = { environment: 'production', service: 'shop' };
    expect(one.pipeline('shop')).toEqual(production);
    expect(one.pipeline('shop', 'Build')).toEqual(production);
    expect(one.alarm('shop-smoke')).toEqual(production);
    expect(one.repository('shop')).toEqual(production);
    expect(one.group('shop-asg')).toEqual(production);
  });

  it('is what it says of a stack, where a service names it as its own', () => {
    const named = locateIn(configured({ stacks: ['shop-base'] }, { service: 'cart' }));
    expect(named.stack('shop-base')).toEqual({ environment: 'production', service: 'shop' });
    expect([named.stack('shop'), one.stack('shop-base')]).toEqual([null, null]);
  });

  it('is nowhere for names that the configuration does not know, also those that differ by case', () => {
    expect([one.pipeline('Shop'), one.alarm('shop-smoke '), one.repository('constructor')]).toEqual([null, null, null]);
  });

  it('is decided by the stage where a pipeline delivers to several environments, and undecided without', () => {
    const both = locateIn(configured({ environment: 'staging', stage: 'Staging' }, { stage: 'Production' }));
    expect(both.pipeline('shop', 'Staging')).toEqual({ environment: 'staging', service: 'shop' });
    expect(both.pipeline('shop', 'Production')).toEqual({ environment: 'production', service: 'shop' });
    expect(both.pipeline('shop', 'Build')).toBeNull();
    expect(both.pipeline('shop')).toBeNull();
  });

  it('is the environment alone where several of its services share a name', () => {
    const shared = locateIn(configured({}, { service: 'cart' }));
    expect(shared.alarm('shop-node')).toEqual({ environment: 'production', service: null });
  });

  it('is what several names have in common, and nowhere where one of them is elsewhere or nowhere', () => {
    const [shop, cart] = ['shop', 'cart'].map((service) => ({ environment: 'production', service }));
    const staging = { environment: 'staging', service: 'shop' };
    expect(together([shop!, shop!])).toEqual(shop);
    expect(together([shop!, cart!])).toEqual({ environment: 'production', service: null });
    expect([together([shop!, staging]), together([shop!, null]), together([null]), together([])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
