import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/event/fields.ts';
import { redact } from '../../../shared/event/redact.ts';
import { cpuOf } from '../../harness/cpu.ts';
import { digest } from './harness.ts';

const keyId = `AKIA${'Q3EGX7LPZN2VB5TW'}`;
const cleaned = (detail: JsonObject) => redact(detail, digest);
const messageOf = (message: string): unknown => cleaned({ message }).detail['message'];
const rulesOf = (detail: JsonObject): string[] => cleaned(detail).redactions.map(({ rule }) => rule);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('an encoded text with a secret in it', () => {
  it('goes as a whole, and says how it was written and what was in it; what stands around it stays', () => {
    const { detail, redactions } = cleaned({ message: `run ${base64(`export KEY=${keyId}; deploy`)} on Monday` });
    expect(detail['message']).toMatch(/^run \[redacted base64:aws-access-key-id [0-9a-f]{12}\] on Monday$/);
    expect(redactions).toMatchObject([{ pointer: '/message', rule: 'base64:aws-access-key-id' }]);
  });

  it('has the digest of the text that it is decoded to: a secret by itself can be matched with where it stood in clear', () => {
    const [encoded, clear] = cleaned({ a: base64(keyId), b: keyId }).redactions;
    expect(encoded?.digest).toBe(clear?.digest);
  });

  it('says both writings of what was encoded twice', () => {
    expect(rulesOf({ a: base64(base64(keyId)) })).toEqual(['base64:base64:aws-access-key-id']);
    expect(rulesOf({ a: encodeURIComponent(`"${base64(`k ${keyId}?>`)}"`) })).toEqual(['url:base64:aws-access-key-id']);
  });

  it('is not looked for a third time', () => {
    expect(rulesOf({ a: base64(base64(base64(keyId))) })).toEqual([]);
  });

  it('is found behind a path, a prefix and a scheme', () => {
    for (const before of ['data:text/plain;base64,', 's3/objects/', 'job-', 'key=', 'deploy\n'])
      expect(rulesOf({ a: before + base64(`use ${keyId} there`) })).toEqual(['base64:aws-access-key-id']);
  });

  it('is found in UTF-16, as PowerShell takes its commands', () => {
    const command = Buffer.from(`Use-Key ${keyId}`, 'utf16le').toString('base64');
    expect(rulesOf({ a: `powershell -EncodedCommand ${command}` })).toEqual(['base64:aws-access-key-id']);
  });

  it('is found in a field with the name of a secret inside, as it is outside', () => {
    expect(rulesOf({ a: base64('{"masterUserPassword":"abc"}') })).toEqual(['base64:field-password']);
    expect(rulesOf({ a: encodeURIComponent('[{"name":"DB_PASSWORD","value":"abc"}]') })).toEqual([
      'url:field-password',
    ]);
  });
});

describe('a secret cut by a line', () => {
  it('has the digest that it has in one piece, and leaves the rest of the text as it was', () => {
    const { detail, redactions } = cleaned({
      message: `first\nuse ${keyId.slice(0, 9)}\n${keyId.slice(9)} here\nlast`,
    });
    expect(detail['message']).toMatch(/^first\nuse \[redacted aws-access-key-id [0-9a-f]{12}\] here\nlast$/);
    expect(redactions[0]?.digest).toBe(digest(keyId));
  });

  it('ends where a sentence goes on', () => {
    const token = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
    expect(messageOf(`use ${token}\nplease`)).toMatch(/\]\nplease$/);
    expect(messageOf('password=Hunter2x\nCloses SHOP-12')).toMatch(/\]\nCloses SHOP-12$/);
    expect(messageOf('password=Hunter2x\nSHOP-12')).toMatch(/\]\nSHOP-12$/);
    expect(messageOf('password: Hunter2x\nhost: db1')).toMatch(/\]\nhost: db1$/);
    expect(messageOf('password: Hunter2x\n- item')).toMatch(/\]\n- item$/);
  });

  it('is found where the name of it was cut', () => {
    const line = `${'x'.repeat(60)} pas\nsword=Hunter2x`;
    expect(messageOf(line)).not.toContain('Hunter2x');
  });

  it('is found where a command goes on in the next line', () => {
    expect(messageOf('deploy --password \\\n  Hunter2x \\\n  --verbose')).not.toContain('Hunter2x');
  });
});

describe('a list of variables, parameters or arguments', () => {
  it.each<[string, JsonObject]>([
    ['a build of CodePipeline', { EnvironmentVariables: '[{"name":"A","value":"Hunter2x","type":"PLAINTEXT"}]' }],
    ['a build that is started', { environmentVariablesOverride: [{ name: 'A', value: 'Hunter2x' }] }],
    ['parameters of a stack', { parameters: [{ parameterKey: 'DbPassword', parameterValue: 'Hunter2x' }] }],
    ['variables of a pipeline', { variables: [{ name: 'db_password', resolvedValue: 'Hunter2x' }] }],
    ['options', { options: [{ optionName: 'DB_PASS', value: 'Hunter2x' }] }],
    ['a command', { command: ['migrate', '--db-password', 'Hunter2x', '--verbose'] }],
    ['a login of Docker', { auths: { 'registry.example.com': { auth: base64('ada:Hunter2x') } } }],
  ])('loses its secrets: %s', (_, detail) => {
    const kept = JSON.stringify(cleaned(detail).detail);
    expect(kept).not.toContain('Hunter2x');
    expect(kept).not.toContain(base64('ada:Hunter2x'));
  });

  it('keeps where a secret is stored', () => {
    const stored = { EnvironmentVariables: '[{"name":"DB","value":"/shop/db","type":"PARAMETER_STORE"}]' };
    expect(cleaned(stored).redactions).toEqual([]);
    expect(cleaned({ command: ['deploy', '--password-stdin', '--verbose'] }).redactions).toEqual([]);
  });
});

describe('more than may be decoded', () => {
  const compressed = (megabytes: number): string =>
    gzipSync(Buffer.alloc(megabytes * 1024 * 1024, 'a')).toString('base64');

  it('is taken out unread: what cannot be looked into may be anything', () => {
    expect(rulesOf({ a: compressed(4) })).toEqual(['base64:unread']);
  });

  it('does not cost more than what may be decoded, however much is claimed', () => {
    const bomb = compressed(0.2);
    const start = performance.now();
    const { redactions } = cleaned({ bombs: Array.from({ length: 1000 }, () => bomb) });
    expect(performance.now() - start).toBeLessThan(5000);
    for (const { rule } of redactions) expect(rule).toMatch(/:unread$/);
    expect(redactions.length).toBeGreaterThan(900);
  });

  it('is as much of an event whose texts came before as of one whose texts are new', () => {
    const texts = (of: (index: number) => number): string[] =>
      Array.from({ length: 80_000 }, (_, index) => btoa(`nothing to hide: ${100_000 + of(index)}`));
    const [again, fresh] = [texts(() => 0), texts((index) => index + 1)].map((all) => rulesOf({ all }).length);
    expect(again).toBe(fresh);
    expect(again).toBeGreaterThan(1_000);
  });
});

describe('a megabyte made to be slow', () => {
  it.each([
    '%41',
    '%2541',
    'a+b+',
    'QUFB',
    'QUFBQUFBQUFBQUFB/',
    'QUFBQUFBQUFBQUFB\n',
    'ghp_a\n',
    'A\n',
    'a\\\n',
    'aA1/\n',
    `${'x'.repeat(64)}\n`,
    'password=a\n',
    'password: a1\n',
    'mysql -',
    'eyJhbGci\n',
    'H4sI',
    '{"a":',
    'MIIEIBAAKCA',
  ])('of %j takes about twice as long as half of it', (piece) => {
    const took = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      return cpuOf(() => cleaned({ text }));
    };
    took(100_000);
    expect(took(1_000_000)).toBeLessThan(4 * took(500_000) + 500);
  });
});
