import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../functions/support/aws-clients.ts';
import { directoryArchive } from '../../../functions/support/directory-archive.ts';
import { environmentFrom } from '../../../functions/support/environment.ts';
import { s3Archive } from '../../../functions/support/s3-archive.ts';
import type { Archive } from '../../../shared/seal/archive.ts';
import { temporary } from '../../harness/product.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const read = async (archive: Archive, path: string) => {
  const body = await archive.get(path);
  return body === null ? null : Buffer.from(body).toString();
};

/** What every archive does, whatever it is made of. */
const contract = (archiveNow: () => Archive): void => {
  it('answers null for what was never put', async () => {
    expect(await archiveNow().get('tile/0/000')).toBeNull();
    expect(await archiveNow().checkpoints()).toEqual([]);
  });

  it('gives back the very bytes, of any kind and of none', async () => {
    const archive = archiveNow();
    const all = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256);
    expect(await archive.putOnce('tile/0/x001/234.p/17', all)).toBe(true);
    expect(Buffer.compare((await archive.get('tile/0/x001/234.p/17')) ?? bytes(''), all)).toBe(0);
    expect(await archive.putOnce('tile/0/empty', bytes(''))).toBe(true);
    expect(await read(archive, 'tile/0/empty')).toBe('');
  });

  it('writes once: what is there stays, and the second is told', async () => {
    const archive = archiveNow();
    expect(await archive.putOnce('once', bytes('first'))).toBe(true);
    expect(await archive.putOnce('once', bytes('second'))).toBe(false);
    expect(await archive.putOnce('once', bytes('first'))).toBe(false);
    expect(await read(archive, 'once')).toBe('first');
  });

  it('moves what moves', async () => {
    const archive = archiveNow();
    await archive.put('checkpoint', bytes('one'));
    await archive.put('checkpoint', bytes('two'));
    expect(await read(archive, 'checkpoint')).toBe('two');
  });

  it('lists the checkpoints ever signed in rising order of size, with when, and nothing else', async () => {
    const archive = archiveNow();
    for (const size of [9, 1_000, 10, 200]) await archive.putOnce(`checkpoints/${size}`, bytes(`${size}`));
    const listed = await archive.checkpoints();
    expect(listed.map(({ size }) => size)).toEqual([9, 10, 200, 1_000]);
    for (const { at } of listed) expect(Math.abs(Date.now() - Date.parse(at))).toBeLessThan(600_000);
  });
};

describe('an archive in a directory', () => {
  const data = temporary();
  afterAll(() => data.remove());
  const archive = directoryArchive(join(data.dir, 'archive'));
  contract(() => archive);

  it('is for its owner alone, and leaves nothing half-written behind', async () => {
    await archive.putOnce('checkpoints/77', bytes('note'));
    const file = join(data.dir, 'archive', 'checkpoints', '77');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(
      readdirSync(join(data.dir, 'archive'), { recursive: true }).filter((name) => String(name).endsWith('.new')),
    ).toEqual([]);
  });

  it('throws when the disk does not take it', async () => {
    await archive.putOnce('file', bytes('here'));
    expect(() => archive.putOnce('file/below', bytes('x'))).toThrow();
    expect(await read(archive, 'file')).toBe('here');
  });
});

/**
 * The stand-in for S3 does not know If-None-Match, so this stands before it and answers as Amazon S3's user guide has
 * it under "Conditional writes": 412 where something is. `answer` makes it answer the next put otherwise.
 */
const conditional = (port: number) => {
  const seen: { path: string; ifNoneMatch: string | undefined }[] = [];
  const state: { answer: [number, string] | null } = { answer: null };
  const refuse = (response: ServerResponse, [status, code]: [number, string]) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [path, method] = [request.url ?? '/', request.method ?? 'GET'];
    const ifNoneMatch = request.headers['if-none-match'];
    const url = `http://127.0.0.1:${port}${path}`;
    if (method === 'PUT') seen.push({ path, ifNoneMatch });
    if (method === 'PUT' && state.answer !== null) return void refuse(response, state.answer);
    if (method === 'PUT' && ifNoneMatch === '*' && (await fetch(url.split('?')[0] ?? url, { method: 'HEAD' })).ok)
      return void refuse(response, [412, 'PreconditionFailed']);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(
        ([name]) => !['host', 'connection', 'content-length', 'expect', 'if-none-match'].includes(name),
      ),
    ) as { [name: string]: string };
    const body = Buffer.concat(chunks);
    const answer = await fetch(url, { method, headers, ...(body.length > 0 && { body }) });
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? '',
      'last-modified': answer.headers.get('last-modified') ?? '',
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  const server: Server = createServer((request, response) => void handle(request, response));
  return { server, seen, state };
};

describe('an archive in a bucket', () => {
  let store: FauxqsServer;
  let front: ReturnType<typeof conditional>;
  let client: S3Client;
  let archive: Archive;
  let archives = 0;
  const bucket = 'archive-bucket';
  const environment = () => {
    const endpoint = `http://127.0.0.1:${(front.server.address() as AddressInfo).port}`;
    const archiveIn = { dir: '', bucket };
    return {
      ...environmentFrom({}),
      account: String((archives += 1)),
      region: 'us-east-1',
      endpoint,
      archive: archiveIn,
    };
  };

  beforeAll(async () => {
    store = await startFauxqs({ port: 0, logger: false });
    front = conditional(store.port);
    await new Promise<void>((resolve) => void front.server.listen(0, '127.0.0.1', () => resolve()));
    client = new S3Client({ ...clientConfig(environment()), forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    archive = s3Archive(environment());
  });
  afterAll(async () => {
    front.server.close();
    await store.stop();
  });
  contract(() => archive);

  it('asks for a write where nothing is, and only for what is written once', async () => {
    front.seen.length = 0;
    await archive.putOnce('asked/once', bytes('x'));
    await archive.put('asked/often', bytes('x'));
    expect(front.seen.map(({ ifNoneMatch }) => ifNoneMatch)).toEqual(['*', undefined]);
  });

  it('keeps each lane apart from every other', async () => {
    const other = s3Archive(environment());
    await archive.putOnce('lane', bytes('mine'));
    expect(await other.get('lane')).toBeNull();
    const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    for (const { Key } of listed.Contents ?? []) expect(Key).toMatch(/^\d+\.us-east-1\//);
  });

  it.each([
    [409, 'ConditionalRequestConflict'],
    [403, 'AccessDenied'],
  ])('throws on %i %s: that it is there already is not said by anything but 412', async (status, code) => {
    front.state.answer = [status, code];
    try {
      await expect(archive.putOnce('in conflict', bytes('x'))).rejects.toThrow();
    } finally {
      front.state.answer = null;
    }
    expect(await archive.get('in conflict')).toBeNull();
  });

  it('throws where there is no bucket: that is not the same as nothing there', async () => {
    const nowhere = s3Archive({ ...environment(), archive: { dir: '', bucket: 'no-such-bucket' } });
    await expect(nowhere.get('checkpoint')).rejects.toThrow(/bucket/i);
  });
});
