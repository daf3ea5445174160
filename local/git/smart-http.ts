import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { serve } from './git.ts';
import { gitDirOf, hasRepository } from './repositories.ts';

/** A push larger than this, unpacked, is refused. CodeCommit takes 2 GB; this is one machine. */
const pushAtMost = 512 * 1024 * 1024;
/** What a client sends to fetch is only a list of commits. */
const fetchAtMost = 16 * 1024 * 1024;

export type SmartHttp = {
  /** the folder of all repositories */
  dir: string;
  /** runs a push alone in its repository, and ends when what it moved has been told */
  alone: (repository: string, user: string, push: () => Promise<void>) => Promise<void>;
};

/** A request that is not served, in words for the person at the client. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Answers one request of a git client by the smart HTTP protocol.
 * Source: gitprotocol-http(5); protocol version 2 comes in the Git-Protocol header.
 *
 * @throws Refused when there is nothing to serve
 */
export const answerGit = async (
  { dir, alone }: SmartHttp,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const wanted = wantedBy(dir, request);
  if (wanted.advertise) return advertise(dir, wanted, request, response);
  const talk = (body: number) => () => talkGit(dir, wanted, { body, request, response });
  if (wanted.service === 'git-upload-pack') await withBody(dir, request, fetchAtMost, (body) => talk(body)());
  else {
    const { repository } = wanted;
    await withBody(dir, request, pushAtMost, (body) => alone(repository, userOf(request), talk(body)));
  }
  response.end(); // not before what was pushed has been told: when the client returns, the event is on its way
};

type Service = 'git-upload-pack' | 'git-receive-pack';
type Wanted = { repository: string; service: Service; advertise: boolean };

const wantedBy = (dir: string, request: IncomingMessage): Wanted => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const found = /^\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(url.pathname);
  if (found === null) throw new Refused(404, 'this is a git remote; clone it with: git clone URL/REPOSITORY.git');
  const [, repository = '', path = ''] = found;
  const advertise = path === 'info/refs';
  const service = serviceOf(advertise ? url.searchParams.get('service') : path);
  const method = advertise ? 'GET' : 'POST';
  if (request.method !== method) throw new Refused(405, `${path} wants ${method}`);
  if (!hasRepository(dir, repository)) throw new Refused(404, 'there is no repository under this name');
  return { repository, service, advertise };
};

const serviceOf = (name: string | null): Service => {
  if (name === 'git-upload-pack' || name === 'git-receive-pack') return name;
  throw new Refused(403, 'only the smart HTTP protocol is served (git 1.6.6 or newer)');
};

/** The name a client gives by basic authentication; nobody checks it here, and the trail says so. */
export const userOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const name = Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? '';
  return name.replaceAll(/[^\w+=,.@-]/g, '').slice(0, 64) || 'local'; // what IAM allows in a user's name
};

const begin = (response: ServerResponse, type: string): void => {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache, no-store, max-age=0' });
};

/** git writes lengths in front: four hexadecimal digits that count themselves. */
const packetLine = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;

const advertise = async (
  dir: string,
  { repository, service }: Wanted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  begin(response, `application/x-${service}-advertisement`);
  response.write(`${packetLine(`# service=${service}\n`)}0000`);
  const args = [service.slice('git-'.length), '--stateless-rpc', '--advertise-refs', gitDirOf(dir, repository)];
  await serve(args, { input: null, output: response, protocol: protocolOf(request) });
  response.end();
};

const talkGit = async (
  dir: string,
  { repository, service }: Wanted,
  { body, request, response }: { body: number; request: IncomingMessage; response: ServerResponse },
): Promise<void> => {
  begin(response, `application/x-${service}-result`);
  const args = [service.slice('git-'.length), '--stateless-rpc', gitDirOf(dir, repository)];
  await serve(args, { input: body, output: response, protocol: protocolOf(request) });
};

/** Only what such a header can rightly hold reaches git's environment. */
const protocolOf = ({ headers }: IncomingMessage): string => {
  const asked = String(headers['git-protocol'] ?? '');
  return /^[\w=:.-]{1,100}$/.test(asked) ? asked : '';
};

/**
 * Takes in the whole body, unpacked, before git is started: a slow client must not keep others from pushing, nor a
 * small body that unpacks to a large one fill the machine.
 */
const withBody = async (
  dir: string,
  request: IncomingMessage,
  limit: number,
  use: (body: number) => Promise<void>,
): Promise<void> => {
  const scratch = await mkdtemp(join(dir, '.body-'));
  const file = join(scratch, 'body');
  try {
    await pipeline(unpacked(request), atMost(limit), createWriteStream(file));
    const body = await open(file);
    await use(body.fd).finally(() => body.close());
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const unpacked = (request: IncomingMessage): Readable =>
  request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;

const atMost = (limit: number): Transform => {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(new Refused(413, `more than ${limit / 1024 / 1024} MB at once is not taken`));
      else done(null, chunk);
    },
  });
};
