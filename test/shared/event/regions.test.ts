import { describe, expect, it } from 'vitest';
import { regionNamed } from '../../../shared/event/regions.ts';

describe('a Region by its name', () => {
  it.each([
    ['EU (Ireland)', 'eu-west-1'],
    ['Europe (Ireland)', 'eu-west-1'],
    ['EU - Ireland', 'eu-west-1'],
    ['US East (N. Virginia)', 'us-east-1'],
    ['US - N. Virginia', 'us-east-1'],
    ['South America (São Paulo)', 'sa-east-1'],
    ['Canada (Central)', 'ca-central-1'],
    ['Mexico (Central)', 'mx-central-1'],
    ['Asia Pacific (Osaka-Local)', 'ap-northeast-3'],
    ['AWS GovCloud (US-West)', 'us-gov-west-1'],
    ['AWS GovCloud (US-East)', 'us-gov-east-1'],
  ])('%s is %s', (name, code) => {
    expect(regionNamed(name)).toBe(code);
  });

  it('is itself where it is a code already', () => {
    expect(regionNamed('us-gov-west-1')).toBe('us-gov-west-1');
  });

  it.each(['', 'EXAMPLE', 'US (Virginia)', 'Middle-earth (Ireland) no more', 'constructor', 'x'.repeat(1_000_000)])(
    'is not guessed at: %#',
    (name) => {
      expect(regionNamed(name)).toBeNull();
    },
  );
});
