import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../../infra/bundle/instead/endpoint.ts';
import { s3Endpoint } from '../../../infra/bundle/instead/s3-endpoint.ts';
import { serviceIn } from '../../../infra/bundle/slim.ts';
import { path } from '../template.ts';

type Provider = (asked: { [name: string]: unknown }) => { url: URL; properties?: object };
type Client = new (config: { region: string }) => { config: { endpointProvider: Provider } };

const require = createRequire(import.meta.url);
const rulesOf = (client: string): string =>
  readFileSync(path(`node_modules/@aws-sdk/${client}/dist-es/endpoint/bdd.js`), 'utf8');
const clients = readdirSync(path('node_modules/@aws-sdk')).filter((name) => name.startsWith('client-'));
const replaced = clients.filter((client) => serviceIn(rulesOf(client)) !== null);

/** Where the SDK itself says that a service is. */
const providerOf = (client: string): Provider => {
  const exported = require(`@aws-sdk/${client}`) as { [name: string]: unknown };
  const [, Made] = Object.entries(exported).find(([name]) => /^[A-Z]\w+Client$/.test(name)) ?? [];
  return new (Made as Client)({ region: 'eu-west-1' }).config.endpointProvider;
};

const regions = [
  'us-east-1',
  'eu-central-1',
  'ap-southeast-5',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-west-1',
  'us-gov-east-1',
];

describe('where a service is, without the rules of the SDK', () => {
  it('is said of all of ours but S3, whose addresses say more', () => {
    expect(clients.length).toBeGreaterThan(12);
    expect(clients.filter((client) => !replaced.includes(client))).toEqual(['client-s3']);
  });

  it.each(replaced)('is what the SDK says, in every partition and where it is told: %s', (client) => {
    const [theirs, ours] = [providerOf(client), endpointOf(serviceIn(rulesOf(client)) ?? '')];
    const asked = (more: object) => ({ UseFIPS: false, UseDualStack: false, UseGlobalEndpoint: false, ...more });
    for (const Region of regions) expect(ours({ Region }).url.href).toBe(theirs(asked({ Region })).url.href);
    const told = { Region: 'us-east-1', Endpoint: 'http://127.0.0.1:4566' };
    expect(ours(told).url.href).toBe(theirs(asked(told)).url.href);
    expect(() => ours({})).toThrow('Missing Region');
  });
});

describe('where a bucket is, without the rules of the SDK', () => {
  const theirs = providerOf('client-s3');
  const buckets = ['escalator-archive', 'with.dots', 'a-b', 'x'.repeat(63), undefined];
  const places = ['https://storage.example', 'https://127.0.0.1:4566', 'https://storage.example/base', undefined];
  const cases = regions.flatMap((Region) =>
    buckets.flatMap((Bucket) =>
      places.flatMap((Endpoint) =>
        [true, false].map((ForcePathStyle) => ({ Region, Bucket, Endpoint, ForcePathStyle })),
      ),
    ),
  );
  const flat = { UseFIPS: false, UseDualStack: false, UseGlobalEndpoint: false, Accelerate: false };

  it('is what the SDK says, in the host or in the path, in every partition and where it is told', () => {
    for (const asked of cases) {
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const { url, properties } = theirs({ ...flat, DisableMultiRegionAccessPoints: false, ...given });
      const ours = s3Endpoint(given);
      expect([given, ours.url.href]).toEqual([given, url.href]);
      expect(ours.properties).toEqual(properties);
    }
  });

  it.each(['arn:aws:s3:us-east-1:111122223333:accesspoint/a', 'a--use1-az4--x-s3'])('is not said of %s', (Bucket) => {
    expect(() => s3Endpoint({ Region: 'us-east-1', Bucket })).toThrow('general bucket');
  });
});
