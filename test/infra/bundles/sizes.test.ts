import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../../infra/bundle/bundle.ts';

const bundles = await bundleFunctions();
const named = bundles.map((bundle) => [bundle.name, bundle] as const);
const kilobyte = 1024;

/** A package by name, a room of ours, or a module of Node.js. */
const partsOf = ({ parts }: (typeof bundles)[number]): string[] => [
  ...new Set(
    Object.keys(parts.inputs)
      .filter((path) => !path.startsWith('alike:')) // of the clients of the SDK, which are there themselves
      .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path),
  ),
];

/** Packages and files of ours that no function needs when it runs, and that are large or slow to begin with. */
const leftOut = [
  'yaml', // the configuration comes read and checked
  'shared/config/parse.ts',
  '@aws-sdk/credential-provider-node', // a function's credentials stand in its environment
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/nested-clients',
  'mnemonist', // of the discovery of endpoints
  'fauxqs',
  'dynalite',
];

/** Kilobytes: take-step calls many services. */
const atMost: { [name: string]: number } = { 'take-step': 800 };

describe('a bundle', () => {
  it.each(named)('of %s is small', (name, { code }) => {
    expect(code.byteLength).toBeLessThanOrEqual((atMost[name] ?? 450) * kilobyte);
  });

  it.each(named)('of %s has no source map inside', (_, { code, map }) => {
    expect(Buffer.from(code).includes('sourceMappingURL')).toBe(false);
    expect(map.byteLength).toBeGreaterThan(0);
  });

  it.each(named)('of %s is made of what it needs', (_, bundle) => {
    expect(partsOf(bundle).filter((part) => leftOut.includes(part))).toEqual([]);
  });

  it.each(named)(
    'of %s does not read node:http when it begins: that costs as much as all of our code',
    (_, { parts }) => {
      const atOnce = parts.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
      expect(atOnce.filter((path) => /^(node:)?(http|http2|tls|net|child_process|undici)$/.test(path))).toEqual([]);
    },
  );

  it('of each function there is lists what it is made of (vitest -u writes it)', async () => {
    const lines = bundles.map((bundle) => {
      const packages = partsOf(bundle).filter((part) => !/\.(ts|json)$/.test(part));
      return `## ${bundle.name}\n\n${packages
        .toSorted()
        .map((one) => `- ${one}`)
        .join('\n')}\n`;
    });
    const page = `# What bundles are made of

The packages in the bundle of each function, beside our own code. Made by \`test/infra/bundles\`: whatever comes in shows here.

${lines.join('\n')}`;
    await expect(page).toMatchFileSnapshot('packages.md');
  });
});
