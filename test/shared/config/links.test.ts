import { describe, expect, it } from 'vitest';
import { formatMistake } from '../../../shared/config/mistake.ts';
import { parseConfig } from '../../../shared/config/parse.ts';

type Written = { page?: string; own?: string; environment?: string; service?: string; check?: string };

const line = (name: string, address: string | undefined): string =>
  address === undefined ? '' : `${name}: ${JSON.stringify(address)}`;
const written = ({ page, own, environment, service, check }: Written): string => `
version: 1
environments:
  production:
    ${line('runbook', environment)}
    services:
      shop:
        pipeline: shop
        stage: Deploy
        ${line('runbook', service)}
        checks:
          smoke:
            alarm: shop-smoke
            level: deploy
            ${line('runbook', check)}
        ladder: [{ level: deploy, do: redeploy }]
alerts:
  routes: []
  ${line('page', page)}
  ${line('runbook', own)}
topics: { sre: { sns: escalator-sre } }
`;

const read = (given: Written) => {
  const result = parseConfig(written(given), 'escalator.yaml');
  if ('config' in result) return result.config;
  throw new Error(result.mistakes.map(formatMistake).join('\n'));
};

describe('where messages lead', () => {
  it('is what a check, its service, and the whole say', () => {
    const { page, runbook, services } = read({
      page: 'https://escalator.example.com/',
      own: 'https://wiki.example.com/escalator',
      service: 'https://wiki.example.com/shop',
      check: 'https://wiki.example.com/shop#smoke',
    });
    expect([page, runbook]).toEqual(['https://escalator.example.com/', 'https://wiki.example.com/escalator']);
    expect([services[0]?.runbook, services[0]?.checks['smoke']?.runbook]).toEqual([
      'https://wiki.example.com/shop',
      'https://wiki.example.com/shop#smoke',
    ]);
  });

  it('is what the environment says, where the service says nothing', () => {
    expect(read({ environment: 'https://wiki.example.com/production' }).services[0]?.runbook).toBe(
      'https://wiki.example.com/production',
    );
  });

  it('is not there where nobody says', () => {
    const config = read({});
    for (const told of [config, config.services[0], config.services[0]?.checks['smoke']])
      expect(told).not.toHaveProperty('runbook');
    expect(config).not.toHaveProperty('page');
  });

  it.each(['wiki/shop', 'http://wiki.example.com/', 'javascript:alert(1)', 'https://ann:secret@wiki.example.com/', ''])(
    'is no %j',
    (service) => expect(() => read({ service })).toThrow('an address that begins with https://'),
  );
});
