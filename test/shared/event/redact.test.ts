import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/event/fields.ts';
import { redact } from '../../../shared/event/redact.ts';
import { cpuOf } from '../../harness/cpu.ts';
import { digest, eventOf, factOf } from './harness.ts';

// put together here, so that no scanner takes the test for a leak
const joined = (...pieces: string[]): string => pieces.join('');
const keyId = joined('AKIA', 'Q3EGX7LPZN2VB5TW');
const secretKey = joined('b7Tq9XwLz2Rk8Vn4', '/Yp6Mc3Hd5Js0Fg1', '+Aa2Bb3C');
const jwt = joined(
  'eyJ',
  'hbGciOiJIUzI1NiJ9.eyJ',
  'zdWIiOiIxMjM0NTY3ODkwIn0',
  '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
);
const pem = joined('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE', ' KEY-----');
const github = joined('ghp_', '16C7e42F292c6912E7710c838347Ae178B4a');
const slack = joined('xoxb-', '123456789012-1234567890123-AbCdEfGhIjKl');

const cleaned = (detail: JsonObject) => redact(detail, digest);

describe('a text', () => {
  it.each([
    ['aws-access-key-id', keyId, `key ${keyId} is out`],
    ['aws-secret-access-key', secretKey, `the other half is ${secretKey}.`.replace(/\.$/, ' ')],
    ['aws-secret-access-key', secretKey, `"${secretKey}"`],
    ['private-key', pem, `use\n${pem}\nplease`],
    ['private-key', pem.slice(0, 50), pem.slice(0, 50)],
    ['jwt', jwt, `curl -H "x: ${jwt}"`],
    ['github-token', github, `https://example.com/?t=${github}`],
    ['slack-token', slack, `bot ${slack} posts`],
    ['slack-webhook', 'T0/B0/XyZ12345', 'https://hooks.slack.com/services/T0/B0/XyZ12345'],
    ['url-password', 's3cr3t!', 'postgres://shop:s3cr3t!@db.internal:5432/shop'],
    ['url-password', 'a/b', 'amqp://u:a/b@mq'],
    ['password', 'hunter2', 'fix login, password=hunter2 for now'],
    ['password', 'hunter2', 'DB_PASSWORD = hunter2'],
    ['password', 'hunter2', 'Password: hunter2'],
    ['password', 'two words', 'password="two words"'],
    ['password', 'two words', "pwd='two words'"],
    ['password', 'hunter2', 'run --password hunter2 --verbose'],
    ['password', 'abc123', 'token=abc123'],
    ['password', 'abc123', '"client_secret": "abc123", cut off'],
    ['password', 'abc123', '{\\"apiKey\\":\\"abc123'],
    ['password', 'abc123', 'said {\\"apiKey\\":\\"abc123\\",\\"user\\":\\"ada\\"} and went'],
    ['password', 'abc123', 'password="abc123'],
    ['authorization', 'abcdefghijklmnop', 'Authorization: Bearer abcdefghijklmnop'],
    ['signed-url', 'AbCd0123456789', 'https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Security-Token=AbCd0123456789'],
  ])('loses a secret (%s: %s)', (rule, secret, written) => {
    const { detail, redactions } = cleaned({ message: written });
    expect(detail['message']).not.toContain(secret);
    expect(redactions).toContainEqual({
      pointer: '/message',
      rule,
      digest: digest(secret),
    });
  });

  it('keeps everything around the secret, and says in its place what was there', () => {
    const { detail } = cleaned({ message: `first ${keyId} then password=hunter2; done` });
    expect(detail['message']).toMatch(
      /^first \[redacted aws-access-key-id [0-9a-f]{12}\] then password=\[redacted password [0-9a-f]{12}\]; done$/,
    );
  });

  it.each([
    ['a commit', '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263'],
    ['a SHA-256', `sha256:${'2e'.repeat(32)}`],
    ['a UUID', '6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d'],
    ['an ARN', 'arn:aws:iam::111122223333:role/service-role/AWSCodePipelineServiceRole-eu-west-1-shop'],
    ['an ARN of a secret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf'],
    ['the documented access key', 'AKIAIOSFODNN7EXAMPLE'],
    ['the documented secret key', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['an address with a port', 'http://127.0.0.1:4418/shop.git@main'],
    ['a path', 'pipeline/shop/SourceArtifact/Ab3dE9x/object'],
    ['a name of forty letters', 'TheVeryLongNameOfOneFactoryForEveryClassX'.slice(0, 40)],
    ['a sentence about tokens', 'the token: renew it before it expires, and keep the secret: a promise'],
    ['a variable', 'password=$DB_PASSWORD token=${TOKEN}'],
    ['what AWS has masked', 'password=HIDDEN_DUE_TO_SECURITY_REASONS'],
    ['a mask', 'password=****'],
  ])('keeps %s', (_, written) => {
    expect(cleaned({ message: written })).toEqual({ detail: { message: written }, redactions: [] });
  });

  it('that was cleaned is clean: doing it again changes nothing', () => {
    const once = cleaned({ a: `password=hunter2 ${keyId}`, password: 'x1', b: '{"secret":"abc"}' }).detail;
    expect(cleaned(once)).toEqual({ detail: once, redactions: [] });
  });
});

describe('a field', () => {
  it.each([
    'password',
    'masterUserPassword',
    'MASTER_PASSWORD',
    'clientSecret',
    'secretString',
    'sessionToken',
    'apiKey',
    'Authorization',
    'privateKey',
    'accessKeyId',
    'secretAccessKey',
    'token',
    'resultToken',
  ])('named %s loses its value', (name) => {
    const { detail, redactions } = cleaned({ outer: [{ [name]: 'abc' }] });
    expect(JSON.stringify(detail)).not.toContain('"abc"');
    expect(redactions).toMatchObject([{ pointer: `/outer/0/${name}` }]);
  });

  it.each([
    'nextToken',
    'clientRequestToken',
    'client-request-token',
    'LifecycleActionToken',
    'secretId',
    'passwordLastUsed',
    'tokenizer',
    'publicKey',
  ])('named %s keeps its value', (name) => {
    expect(cleaned({ [name]: 'abc' }).redactions).toEqual([]);
  });

  it('named for credentials loses everything below it', () => {
    const { detail } = cleaned({ artifactCredentials: { accessKeyId: 'a-key', inner: { any: 'thing' }, n: 7 } });
    expect(JSON.stringify(detail)).not.toMatch(/a-key|thing|:7/);
  });

  it('keeps AWS own examples and flags', () => {
    const kept = {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      password: '****',
      passwordResetRequired: true,
      hasPassword: false,
    };
    expect(cleaned(kept).detail).toEqual(kept);
  });

  it('named in a pair with its value loses it', () => {
    const { detail } = cleaned({
      environment: [
        { name: 'DB_PASSWORD', value: 'abc' },
        { name: 'STAGE', value: 'prod' },
      ],
    });
    const value = `[redacted field-password ${digest('abc').slice(0, 12)}]`;
    expect(detail['environment']).toEqual([
      { name: 'DB_PASSWORD', value },
      { name: 'STAGE', value: 'prod' },
    ]);
  });

  it('whose very name is a secret loses its name, also in the pointer', () => {
    const { detail, redactions } = cleaned({ [keyId]: { password: 'abc' } });
    expect(JSON.stringify({ detail, redactions })).not.toContain(keyId);
  });

  it('with JSON in it is looked into, and left as it was written where there is nothing', () => {
    const innocent = '{ "version":"1.0",  "threshold": 0.0 }';
    const { detail } = cleaned({
      reasonData: innocent,
      body: JSON.stringify({ a: JSON.stringify({ password: 'abc' }) }),
    });
    expect(detail['reasonData']).toBe(innocent);
    expect(detail['body']).not.toContain('abc');
  });

  it('is pointed to by a JSON pointer, escaped as RFC 6901 has it', () => {
    expect(cleaned({ 'a/b~c': [{ secret: 'abc' }] }).redactions).toMatchObject([{ pointer: '/a~1b~0c/0/secret' }]);
  });
});

describe('a digest', () => {
  it('is of the secret alone: equal secrets can be matched wherever they stood', () => {
    const { redactions } = cleaned({ a: 'password=hunter2', b: { password: 'hunter2' } });
    expect(redactions.map((one) => one.digest)).toEqual([digest('hunter2'), digest('hunter2')]);
  });
});

describe('a fact', () => {
  it('has no secret in its reason, key, subject or change, and says where each was', () => {
    const event = eventOf('codecommit/reference-updated.json');
    const leaky = {
      ...event,
      detail: { ...event.detail, referenceName: secretKey, referenceFullName: `refs/heads/${keyId}` },
    };
    const fact = factOf(leaky);
    expect(JSON.stringify(fact)).not.toContain(keyId);
    expect(JSON.stringify(fact)).not.toContain(secretKey);
    expect(fact.redactions.map(({ pointer }) => pointer)).toEqual([
      '/detail/event/referenceName',
      '/detail/event/referenceFullName',
    ]);
  });

  it('with a secret in its reason keeps the rest of it', () => {
    const event = eventOf('codepipeline/action-build-failed.json');
    const result = { 'external-execution-summary': 'login failed: password=hunter2' };
    const fact = factOf({ ...event, detail: { ...event.detail, 'execution-result': result } });
    expect(fact.reason).toMatch(/^login failed: password=\[redacted password [0-9a-f]{12}\]$/);
  });

  it('about branches with different secrets in their names is not the same fact', () => {
    const event = eventOf('codecommit/reference-created.json');
    const named = (ref: string) => factOf({ ...event, detail: { ...event.detail, referenceFullName: ref } }).key;
    expect(named(`refs/heads/${keyId}`)).not.toBe(named(joined('refs/heads/AKIA', 'A1B2C3D4E5F6G7H8')));
  });
});

describe('a megabyte made to be slow', () => {
  it.each([
    'a',
    'eyJa.',
    '://',
    '://a:b',
    'password="',
    "pwd='",
    'AKIA',
    'Bearer ',
    '-----BEGIN PRIVATE KEY-----',
    '["',
    '${',
  ])('of %s takes about ten times as long as a tenth of it, not a hundred times', (piece) => {
    const took = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      return cpuOf(() => cleaned({ text }));
    };
    took(100_000);
    expect(took(1_000_000)).toBeLessThan(4 * took(500_000) + 500);
  });
});

describe('a text longer than any event', () => {
  it('is taken out unread, and so is not one of the longest event', () => {
    const { detail, redactions } = cleaned({ text: 'message '.repeat(1_500_000) });
    expect(redactions).toMatchObject([{ pointer: '/text', rule: 'text:unread' }]);
    expect(JSON.stringify(detail).length).toBeLessThan(200);
    const longest = 'message '.repeat(500_000);
    expect(cleaned({ text: longest })).toMatchObject({ detail: { text: longest }, redactions: [] });
  });
});
