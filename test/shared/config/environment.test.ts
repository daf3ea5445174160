import { describe, expect, it } from 'vitest';
import { laddersOf } from '../../../shared/config/config.ts';
import { parseConfig } from '../../../shared/config/parse.ts';
import { remarksOn } from '../../../shared/config/remarks.ts';

/** An environment whose services share a network, with what is said of it put in. */
const written = (shared: string): string => `version: 1
environments:
  production:
${shared
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks: { smoke: { alarm: shop-smoke, level: deploy } }
        ladder: [{ level: deploy, do: redeploy, mode: act }]
      cart:
        pipeline: cart
        stage: Deploy
        checks: { smoke: { alarm: cart-smoke, level: deploy } }
        ladder: [{ level: deploy, do: redeploy, mode: act }]
topics: { sre: { sns: escalator-sre } }
`;

const checks = 'checks: { provider: { alarm: az-reachable, level: network } }';
const network = 'ladder: [{ level: network, do: { start-pipeline: network }, mode: act }]';

const read = (text: string) => {
  const parsed = parseConfig(text, 'escalator.yaml');
  return 'config' in parsed ? parsed.config : parsed.mistakes.map(({ path, found }) => `${path}: ${found}`);
};
const good = (text: string) => {
  const config = read(text);
  if (Array.isArray(config)) throw new Error(config.join('\n'));
  return config;
};

describe('an environment', () => {
  it('may declare levels that its services share, with the checks that ask for them', () => {
    const { environments, services } = good(written(`${checks}\n${network}\nquiescence: 1m`));
    expect(environments).toEqual([
      {
        environment: 'production',
        service: null,
        ladder: 'production',
        below: ['production/shop', 'production/cart'],
        checks: { provider: { name: 'provider', alarm: 'az-reachable', level: 'network' } },
        levels: [
          {
            level: 'network',
            do: { type: 'start-pipeline', pipeline: 'network' },
            quiescence: 60_000,
            mode: 'act',
            drastic: false,
            limit: 1,
          },
        ],
        quiescence: 60_000,
        settle: 30_000,
        verify: { every: 10_000, times: 3, within: 300_000 },
        attempts: 3,
        stepDeadline: 900_000,
        poll: 60_000,
        freeAfter: 1_800_000,
        askFor: 900_000,
        approvers: 1,
        handsOff: 900_000,
        budgets: { runsPerHour: 3, runsPerDay: 6, failedRuns: 2 },
      },
    ]);
    expect(services.map(({ above }) => above)).toEqual(['production', 'production']);
  });

  it('has no ladder of its own where it shares nothing', () => {
    const config = good(written('quiescence: 1m'));
    expect(config.environments).toEqual([]);
    expect(laddersOf(config).map(({ ladder }) => ladder)).toEqual(['production/shop', 'production/cart']);
    expect(config.services[0]?.above).toBeNull();
  });

  it('shares levels and checks, or neither', () => {
    expect(read(written(checks))).toEqual([
      'environments.production.checks: checks of an environment without a ladder',
    ]);
    expect(read(written(network))).toEqual([
      'environments.production.ladder: ladder of an environment without a check',
    ]);
  });

  it.each([
    ['redeploy', 'redeploy'],
    ['retry-stage', 'retry-stage'],
    ['stop-execution', 'stop-execution'],
    ['{ stop-execution: abandon }', 'stop-execution'],
  ])('deploys nothing to itself, so that it has no %s', (form, action) => {
    const shared = `ladder: [{ level: network, do: ${form} }]`;
    expect(read(written(`${checks}\n${shared}`))).toEqual([
      `environments.production.ladder.0.do: ${action} in levels that services share`,
    ]);
  });

  it('has no level of a name that a service of it has too', () => {
    const named = [checks, network].join('\n').replaceAll('level: network', 'level: deploy');
    expect(read(written(named))).toEqual([
      'environments.production.services.shop.ladder.0.level: level "deploy" a second time',
      'environments.production.services.cart.ladder.0.level: level "deploy" a second time',
    ]);
  });

  it('has checks that name its own levels', () => {
    const unknown = checks.replace('level: network', 'level: netwok');
    expect(read(written(`${unknown}\n${network}`))).toEqual([
      'environments.production.checks.provider.level: level "netwok"',
    ]);
  });

  it('is remarked on like a service', () => {
    const text = written(`${checks}\n${network.replace(', mode: act', '')}`);
    expect(remarksOn(good(text), text, 'escalator.yaml').map(({ path }) => path)).toEqual([
      'environments.production.ladder',
    ]);
  });
});
