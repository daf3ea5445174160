import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { placeDigestKey } from '../../../functions/support/digest-key.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { keyedDigest } from '../../../functions/support/keyed-digest.ts';
import { account, region } from '../../local/endpoint/harness.ts';
import { type Recorder, startRecorder } from '../../local/recorder/harness.ts';

const name = 'digest-key';
const secret = 'k'.repeat(64);
let recorder: Recorder;
let dir: string;
let environment: Environment;

beforeAll(async () => {
  recorder = await startRecorder();
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'escalator-key-'));
  const names = { ESCALATOR_DIGEST_KEY_FILE: join(dir, 'digest.key'), ESCALATOR_DIGEST_KEY_SECRET: name };
  environment = { ...environmentFrom(names), account, region, endpoint: recorder.url };
});
afterEach(() => rmSync(dir, { recursive: true }));
afterAll(() => recorder.stop());

describe('the key for keyed digests, on AWS', () => {
  it('is not made up when its secret cannot be read', async () => {
    await expect(placeDigestKey(environment)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(existsSync(environment.digestKeyFile)).toBe(false);
  });

  it('comes from its secret, by name or ARN, and only its function can read it', async () => {
    const secrets = new SecretsManagerClient(clientConfig(environment));
    const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name: name, SecretString: secret }));
    await placeDigestKey({ ...environment, digestKeySecret: ARN });
    expect(readFileSync(environment.digestKeyFile, 'utf8')).toBe(secret);
    expect(statSync(environment.digestKeyFile).mode & 0o777).toBe(0o600);
    expect(keyedDigest(environment.digestKeyFile)('a secret')).toMatch(/^[0-9a-f]{64}$/);
    rmSync(environment.digestKeyFile);
    await placeDigestKey(environment);
    expect(readFileSync(environment.digestKeyFile, 'utf8')).toBe(secret);
  });

  it('is read once: what lies there is not asked for again', async () => {
    writeFileSync(environment.digestKeyFile, 'another'.repeat(10));
    await placeDigestKey({ ...environment, digestKeySecret: 'no-such-secret' });
    expect(readFileSync(environment.digestKeyFile, 'utf8')).toBe('another'.repeat(10));
  });

  it('is left alone where there is no secret, as on one machine', async () => {
    await placeDigestKey({ ...environment, digestKeySecret: '' });
    expect(existsSync(environment.digestKeyFile)).toBe(false);
  });

  it('is refused when it is too short to be one', () => {
    writeFileSync(environment.digestKeyFile, 'short');
    expect(() => keyedDigest(environment.digestKeyFile)).toThrow('has only 5 bytes');
  });
});
