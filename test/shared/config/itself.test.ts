import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../shared/config/parse.ts';

const good = readFileSync(new URL('../../fixtures/config/good.yaml', import.meta.url), 'utf8');
const mistakesIn = (from: RegExp, to: string): string[] => {
  const written = good.replace(from, to);
  expect(written).not.toBe(good);
  const answer = parseConfig(written, 'escalator.yaml');
  return 'mistakes' in answer ? answer.mistakes.map(({ path, found, wanted }) => `${path} ${found}: ${wanted}`) : [];
};
const wanted = 'something else than what Escalator itself is made of: it never acts on itself';
const shop = 'environments.production.services.shop';

describe('Escalator', () => {
  it.each(['escalator', 'escalator-delivery', 'Escalator_2'])(
    'never acts on itself: its pipeline is refused, %s',
    (name) => {
      expect(mistakesIn(/pipeline: shop/, `pipeline: ${name}`)).toEqual([`${shop}.pipeline "${name}": ${wanted}`]);
    },
  );

  it.each([
    ['{ start-pipeline: escalator }', 'start-pipeline "escalator"'],
    ["{ previous-version: 'Escalator-ActorTakeStep1A2B:live' }", 'previous-version "Escalator-ActorTakeStep1A2B:live"'],
  ])('never acts on itself: %s is refused', (action, found) => {
    expect(mistakesIn(/do: redeploy/, `do: ${action}`)).toEqual([`${shop}.ladder.1.do.${found}: ${wanted}`]);
  });

  it('acts on what is only called alike', () => {
    for (const name of ['escalators', 'my-escalator-shop'])
      expect(mistakesIn(/pipeline: shop/, `pipeline: ${name}`)).toEqual([]);
  });
});
