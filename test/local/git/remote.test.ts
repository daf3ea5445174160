import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitRemote, startGitRemote } from '../../../local/git/remote.ts';
import { seedRepository } from '../../../local/git/repositories.ts';
import type { Push } from '../../../local/git/told.ts';
import { openStore, type Store } from '../../../local/store.ts';
import type { EmittedEvent } from '../../../local/world.ts';

const run = promisify(execFile);

let place: string;
let store: Store;
let remote: GitRemote;
let events: EmittedEvent[];
let pushes: Push[];
let ids = 0;

const start = async (onPush: (push: Push) => unknown = (push) => pushes.push(push)): Promise<void> => {
  store = openStore({
    dataDir: join(place, 'data'),
    account: '000000000000',
    region: 'us-east-1',
    now: () => new Date(),
    newId: () => `id-${(ids += 1)}`,
    log: () => undefined,
  });
  const { transaction } = store;
  // every event is seen in the very transaction that wrote it: what rolls back is not kept
  const world = { ...store.world, emit: (event: EmittedEvent) => (store.world.emit(event), void events.push(event)) };
  remote = await startGitRemote({ world, transaction, dir: join(place, 'git'), port: 0, onPush, log: () => undefined });
};

const git = async (...args: string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'], HOME: place, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  return (await run('git', args, { env })).stdout.trim();
};

/** A developer's clone. */
const clone = async (name: string) => {
  const dir = join(place, name);
  await git('clone', '-q', remote.url('shop'), dir);
  const inside = (...args: string[]): Promise<string> =>
    git('-C', dir, '-c', 'user.name=Ada Lovelace', '-c', 'user.email=ada@example.com', ...args);
  const commit = async (message: string): Promise<string> => {
    await writeFile(join(dir, 'NEWS'), message);
    await inside('add', '--all');
    await inside('commit', '-q', '-m', message);
    return inside('rev-parse', 'HEAD');
  };
  return { dir, git: inside, commit };
};

const told = () => events.map(({ detail }) => [detail['event'], detail['referenceFullName']]);
const head = () => remote.source.head('shop', 'main');

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'git-remote-'));
  events = [];
  pushes = [];
  const from = join(place, 'example');
  await run('mkdir', ['-p', join(from, 'lib')]);
  await writeFile(join(from, 'server.js'), 'console.log(1);\n');
  await writeFile(join(from, 'lib', 'a b.js'), 'export {};\n');
  await seedRepository({ dir: join(place, 'git'), name: 'shop', from, message: 'Begin' });
  await start();
});

afterEach(async () => {
  await remote.close();
  await store.close();
  await rm(place, { recursive: true, force: true, maxRetries: 5 });
});

describe('a seeded repository', () => {
  it('is told as a new branch, once, and can be cloned', async () => {
    expect(told()).toEqual([['referenceCreated', 'refs/heads/main']]);
    expect(pushes).toEqual([{ repository: 'shop', branch: 'main', commit: await head(), id: expect.any(String) }]);
    const { dir } = await clone('ada');
    expect((await readdir(dir)).toSorted()).toEqual(['.git', 'lib', 'server.js']);
  });

  it('is left as it is when it is seeded again', async () => {
    const before = await head();
    const again = await seedRepository({ dir: join(place, 'git'), name: 'shop', from: place, message: 'Again' });
    expect(again).toBe(false);
    expect(await head()).toBe(before);
  });
});

describe('a push', () => {
  it('of a branch is one event in the shape CodeCommit gives it, and is handed on, before the client returns', async () => {
    const before = await head();
    const ada = await clone('ada');
    const commit = await ada.commit('news');
    await ada.git('push', '-q', 'origin', 'main');
    expect(events.at(-1)).toEqual({
      source: 'aws.codecommit',
      detailType: 'CodeCommit Repository State Change',
      resources: ['arn:aws:codecommit:us-east-1:000000000000:shop'],
      detail: {
        callerUserArn: 'arn:aws:iam::000000000000:user/local',
        commitId: commit,
        event: 'referenceUpdated',
        oldCommitId: before,
        referenceFullName: 'refs/heads/main',
        referenceName: 'main',
        referenceType: 'branch',
        repositoryId: events[0]?.detail['repositoryId'],
        repositoryName: 'shop',
      },
    });
    expect(events).toHaveLength(2);
    expect(pushes.at(-1)).toMatchObject({ repository: 'shop', branch: 'main', commit });
  });

  it('of a branch and a tag is two events; the tag is told with its commit, and is no push to a branch', async () => {
    const ada = await clone('ada');
    const commit = await ada.commit('release');
    await ada.git('tag', '-a', 'v1', '-m', 'first');
    await ada.git('push', '-q', 'origin', 'main', 'v1');
    expect(told().slice(1)).toEqual([
      ['referenceUpdated', 'refs/heads/main'],
      ['referenceCreated', 'refs/tags/v1'],
    ]);
    expect(events.at(-1)?.detail).toMatchObject({ referenceType: 'tag', referenceName: 'v1', commitId: commit });
    expect(pushes).toHaveLength(2);
  });

  it('that deletes a branch is an event without a commit, and starts nothing', async () => {
    const ada = await clone('ada');
    await ada.git('push', '-q', 'origin', 'main:refs/heads/feature/x');
    await ada.git('push', '-q', 'origin', ':feature/x');
    expect(events.at(-1)?.detail).toMatchObject({ event: 'referenceDeleted', referenceName: 'feature/x' });
    expect(events.at(-1)?.detail).not.toHaveProperty('commitId');
    expect(pushes.map(({ branch }) => branch)).toEqual(['main', 'feature/x']);
  });

  it('that is no fast-forward is taken when it is forced, and refused without an event when it is not', async () => {
    const ada = await clone('ada');
    const first = await ada.commit('one');
    await ada.git('push', '-q', 'origin', 'main');
    await ada.git('reset', '-q', '--hard', 'HEAD~1');
    const other = await ada.commit('two');
    await expect(ada.git('push', '-q', 'origin', 'main')).rejects.toThrow(/rejected/);
    expect(events).toHaveLength(2);
    await ada.git('push', '-q', '--force', 'origin', 'main');
    expect(events.at(-1)?.detail).toMatchObject({ oldCommitId: first, commitId: other });
  });

  it('that the remote refuses tells nothing: the default branch cannot be deleted', async () => {
    const ada = await clone('ada');
    await expect(ada.git('push', '-q', 'origin', ':main')).rejects.toThrow(/refus|prohibited|reject/);
    expect(events).toHaveLength(1);
  });

  it('of several at once tells each movement exactly once, in order, from where to where', async () => {
    const developers = await Promise.all(['ada', 'bob', 'eve'].map((name) => clone(name)));
    const commits = await Promise.all(developers.map((developer, n) => developer.commit(`by ${n}`)));
    const results = await Promise.allSettled([
      ...developers.map((developer) => developer.git('push', '-q', '--force', 'origin', 'main')),
      ...developers.map((developer, n) => developer.git('push', '-q', 'origin', `main:refs/heads/branch-${n}`)),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
    const moves = events.filter(({ detail }) => detail['referenceName'] === 'main').slice(1);
    let at = events[0]?.detail['commitId'];
    for (const { detail } of moves) {
      expect(detail['oldCommitId']).toBe(at);
      at = detail['commitId'];
    }
    expect(at).toBe(await head());
    expect(told().filter(([, ref]) => String(ref).includes('branch-'))).toHaveLength(3);
    expect(commits).toContain(at);
  });

  it('names the user that the client gives', async () => {
    const ada = await clone('ada');
    await ada.commit('signed');
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from('ada\nx:secret').toString('base64')}`;
    await ada.git('-c', header, 'push', '-q', 'origin', 'main');
    expect(events.at(-1)?.detail['callerUserArn']).toBe('arn:aws:iam::000000000000:user/adax');
  });

  it('of more than a megabyte, which the client sends in chunks, arrives whole', async () => {
    const ada = await clone('ada');
    const noise = Array.from({ length: 60_000 }, (_, n) => `${n * 7919} ${n ** 3}`).join('\n');
    await writeFile(join(ada.dir, 'noise'), noise);
    const commit = await ada.commit('noise');
    await ada.git('-c', 'http.postBuffer=65536', 'push', '-q', 'origin', 'main');
    const into = join(place, 'out');
    await remote.source.checkout('shop', commit, into);
    expect(await readFile(join(into, 'noise'), 'utf8')).toBe(noise);
    expect((await readdir(into)).toSorted()).toEqual(['NEWS', 'lib', 'noise', 'server.js']);
  });
});

describe('killed between the movement of a reference and its event', () => {
  const restart = async (onPush?: (push: Push) => unknown): Promise<void> => {
    await remote.close();
    await store.close();
    await start(onPush);
  };

  it('the movement is told at the next start, by the one who pushed, and not again at the one after', async () => {
    const ada = await clone('ada');
    const commit = await ada.commit('news');
    await remote.close();
    // git has taken the push; the process ended before it could tell
    await git('-C', ada.dir, 'push', '-q', join(place, 'git', 'shop.git'), 'main');
    store.world.db.prepare("UPDATE git_repositories SET pusher = 'ada' WHERE name = 'shop'").run();
    await store.close();
    await start();
    expect(events.at(-1)?.detail).toMatchObject({
      commitId: commit,
      callerUserArn: 'arn:aws:iam::000000000000:user/ada',
    });
    expect(pushes.at(-1)).toMatchObject({ commit });
    await restart();
    expect(events).toHaveLength(2);
    expect(pushes).toHaveLength(2);
  });

  it('what could not be handed on is handed on later under the same id', async () => {
    const refused: Push[] = [];
    await restart((push) => {
      refused.push(push);
      throw new Error('killed here');
    });
    const ada = await clone('ada');
    await ada.commit('news');
    await ada.git('push', '-q', 'origin', 'main');
    expect(refused).toHaveLength(1);
    pushes = [];
    await restart();
    expect(pushes).toEqual(refused);
    expect(events).toHaveLength(2);
  });

  it('a branch that goes back to where it was is a movement of its own', async () => {
    const ada = await clone('ada');
    await ada.commit('news');
    for (const target of ['main', '+main~1:main', 'main']) await ada.git('push', '-q', 'origin', target);
    expect(new Set(pushes.map(({ id }) => id)).size).toBe(4);
  });
});

describe('what is no push', () => {
  const ask = (path: string, headers: { [name: string]: string } = {}, body?: Buffer) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { port: remote.port, host: '127.0.0.1', path, headers, method: body ? 'POST' : 'GET' };
      const asked = request(options, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });

  it('is answered with what to do instead', async () => {
    expect(await ask('/')).toMatchObject({ status: 404, text: expect.stringContaining('git clone') });
    expect(await ask('/nothing.git/info/refs?service=git-upload-pack')).toMatchObject({ status: 404 });
    expect(await ask('/..%2fshop.git/info/refs?service=git-upload-pack')).toMatchObject({ status: 404 });
    expect(await ask('/shop.git/info/refs')).toMatchObject({ status: 403, text: expect.stringContaining('smart') });
    expect(await ask('/shop.git/git-receive-pack')).toMatchObject({ status: 405 });
  });

  it('is refused from a page in a browser and under another name', async () => {
    const path = '/shop.git/info/refs?service=git-upload-pack';
    expect(await ask(path, { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(path, { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(path)).toMatchObject({ status: 200 });
  });

  it('cannot fill the machine with a small body that unpacks to a large one', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-git-upload-pack-request' };
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
    expect(await ask('/shop.git/git-upload-pack', headers, bomb)).toMatchObject({ status: 413 });
    expect((await readdir(join(place, 'git'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('moves nothing when it is not what git sends', async () => {
    await ask('/shop.git/git-receive-pack', {}, Buffer.from('not git at all'));
    expect(events).toHaveLength(1);
  });
});
