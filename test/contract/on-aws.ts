/**
 * `npm run test:aws` holds the contract against AWS itself, in the account and Region of the environment. Refuses, before
 * anything is made, where there is none. What it makes is named `escalator-contract-...`, and taken away again.
 */
import { spawnSync } from 'node:child_process';
import { defaultProvider } from '@aws-sdk/credential-provider-node';

const refuse = (why: string, todo: string): never => {
  console.error(`nothing was made: ${why}; ${todo}`);
  process.exit(1);
};

const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
if (region === undefined) refuse('there is no Region', 'set AWS_REGION');
if (process.env['AWS_ENDPOINT_URL'] !== undefined)
  refuse('AWS_ENDPOINT_URL leads elsewhere than to AWS', 'unset it, or run vitest run test/contract against it');
await defaultProvider()().catch(() => refuse('there are no credentials', 'sign in, or set AWS_PROFILE'));
const { status } = spawnSync('vitest', ['run', 'test/contract', '--maxWorkers=1'], {
  stdio: 'inherit',
  env: { ...process.env, AWS_REGION: region, ESCALATOR_CONTRACT: 'aws' },
});
process.exit(status ?? 1);
