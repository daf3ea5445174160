import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { EscalatorError } from '../shared/errors.ts';

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/**
 * Signs a request for API Gateway with the caller's credentials, wherever the AWS CLI would find them (AWS Signature
 * Version 4; the service is `execute-api`).
 *
 * @returns the headers to send with it
 * @throws EscalatorError ESC-042 where there are no credentials
 */
export const signed = async (
  url: URL,
  { method = 'GET', headers = {}, body }: RequestInit,
  region: string,
  credentials: () => Promise<Credentials> = defaultProvider(),
  signingDate = new Date(),
): Promise<{ [name: string]: string }> => {
  const signer = new SignatureV4({ service: 'execute-api', region, sha256: Sha256, credentials: found(credentials) });
  const query: { [name: string]: string[] } = {};
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name);
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query,
    headers: { ...(headers as { [name: string]: string }), host: url.host },
    body,
  };
  const { host: _host, ...rest } = (await signer.sign(request, { signingDate })).headers;
  return rest;
};

const found = (credentials: () => Promise<Credentials>) => () =>
  credentials().catch((error: unknown) => {
    const todo = 'sign in as for the AWS CLI: aws sso login, AWS_PROFILE or AWS_ACCESS_KEY_ID';
    throw new EscalatorError('ESC-042', 'no AWS credentials were found to sign with', todo, { cause: error });
  });

/** SHA-256 as the signer wants it: a digest, or keyed where there is a key. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(key?: ArrayBuffer | string | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }

  update(data: ArrayBuffer | string | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }
}

const bytesOf = (data: ArrayBuffer | string | ArrayBufferView): Uint8Array => {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};
