import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signed } from '../../cli/sign.ts';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date('2026-11-21T04:05:06Z');
const door = 'https://abc123.execute-api.eu-west-1.amazonaws.com';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The signature as IAM's User Guide has it, "Create a signed AWS API request", of what the header says was signed. */
const signatureOf = (url: URL, method: string, headers: { [name: string]: string }, body: string): string => {
  const names = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
  const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).toSorted();
  const lines = names.map((name) => `${name}:${name === 'host' ? url.host : headers[name]}\n`).join('');
  const request = [method, url.pathname, query.join('&'), lines, names.join(';'), sha256(body)].join('\n');
  const scope = '20261121/eu-west-1/execute-api/aws4_request';
  const key = ['eu-west-1', 'execute-api', 'aws4_request'].reduce(
    hmac,
    hmac(`AWS4${keys.secretAccessKey}`, '20261121'),
  );
  return hmac(key, ['AWS4-HMAC-SHA256', '20261121T040506Z', scope, sha256(request)].join('\n')).toString('hex');
};

describe('a request to the door', () => {
  it.each([
    ['GET', '/api/entries?environment=production&limit=5&cursor=a%2Fb', ''],
    ['POST', '/api/orders/hold', JSON.stringify({ why: 'the sale – now' })],
  ])('%s %s is signed by the caller, as AWS computes it', async (method, path, body) => {
    const url = new URL(path, door);
    const request = { method, headers: { 'content-type': 'application/json' }, ...(body !== '' && { body }) };
    const headers = await signed(url, request, 'eu-west-1', () => Promise.resolve(keys), at);
    expect(headers['authorization']).toContain('Credential=AKIDEXAMPLE/20261121/eu-west-1/execute-api/aws4_request');
    expect(headers['authorization']).toMatch(/SignedHeaders=[a-z0-9;-]*\bhost\b/);
    expect(headers['authorization']).toContain(`Signature=${signatureOf(url, method, headers, body)}`);
  });

  it('carries the token of a session, signed too', async () => {
    const session = () => Promise.resolve({ ...keys, sessionToken: 'a-token' });
    const headers = await signed(new URL('/api/about', door), {}, 'eu-west-1', session, at);
    expect(headers['x-amz-security-token']).toBe('a-token');
    expect(headers['authorization']).toMatch(/SignedHeaders=[^,]*x-amz-security-token/);
  });

  it('without credentials says so, and what to do', async () => {
    const none = () => Promise.reject(new Error('Could not load credentials from any providers'));
    await expect(signed(new URL('/api/about', door), {}, 'eu-west-1', none, at)).rejects.toMatchObject({
      code: 'ESC-042',
      todo: expect.stringContaining('aws sso login') as string,
    });
  });
});
