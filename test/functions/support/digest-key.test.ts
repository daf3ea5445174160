import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { placeDigestKey } from '../../../functions/support/digest-key.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { keyedDigest } from '../../../functions/support/keyed-digest.ts';
import { createParameters } from '../../../local/endpoint/parameters.ts';
import { openStore } from '../../../local/store.ts';
import { account, region, type Running, temporary } from '../../local/endpoint/harness.ts';

const parameter = '/aws/reference/secretsmanager/digest-key';
const secret = 'k'.repeat(64);
const place = temporary();
let endpoint: Running;
let store: ReturnType<typeof openStore>;
let dir: string;
let environment: Environment;

beforeAll(async () => {
  const newId = () => crypto.randomUUID();
  store = openStore({ dataDir: place.dataDir, account, region, now: () => new Date(), newId, log: () => {} });
  endpoint = await place.start({ ssm: createParameters(store.world, store.transaction) });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'escalator-key-'));
  const names = { ESCALATOR_DIGEST_KEY_FILE: join(dir, 'digest.key'), ESCALATOR_DIGEST_KEY_PARAMETER: parameter };
  environment = { ...environmentFrom(names), account, region, endpoint: endpoint.url };
});
afterEach(() => rmSync(dir, { recursive: true }));
afterAll(async () => {
  await endpoint.close();
  await store.close();
  place.remove();
});

describe('the key for keyed digests, on AWS', () => {
  it('is not made up when its parameter cannot be read', async () => {
    await expect(placeDigestKey(environment)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    expect(existsSync(environment.digestKeyFile)).toBe(false);
  });

  it('comes from its parameter, once, and only its function can read it', async () => {
    const ssm = new SSMClient(clientConfig(environment));
    await ssm.send(new PutParameterCommand({ Name: parameter, Value: secret, Type: 'SecureString' }));
    await placeDigestKey(environment);
    expect(readFileSync(environment.digestKeyFile, 'utf8')).toBe(secret);
    expect(statSync(environment.digestKeyFile).mode & 0o777).toBe(0o600);
    expect(keyedDigest(environment.digestKeyFile)('a secret')).toMatch(/^[0-9a-f]{64}$/);
    await ssm.send(new PutParameterCommand({ Name: parameter, Value: 'another', Overwrite: true }));
    await placeDigestKey(environment);
    expect(readFileSync(environment.digestKeyFile, 'utf8')).toBe(secret);
  });

  it('is left alone where there is no parameter, as on one machine', async () => {
    await placeDigestKey({ ...environment, digestKeyParameter: '' });
    expect(existsSync(environment.digestKeyFile)).toBe(false);
  });

  it('is refused when it is too short to be one', () => {
    writeFileSync(environment.digestKeyFile, 'short');
    expect(() => keyedDigest(environment.digestKeyFile)).toThrow('has only 5 bytes');
  });
});
