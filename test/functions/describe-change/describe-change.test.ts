import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeChange } from '../../../functions/describe-change/describe-change.ts';
import type { CommitDescription, FileChange } from '../../../functions/support/codecommit.ts';
import { canonical } from '../../../shared/trail/canonical.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const ann = { name: 'Ann', email: 'ann@example.com', date: '1484167798 -0800' };
const secret = `AKIA${'Z7Q2M4W8X1C5V9B3'}`;

let trail: ReturnType<typeof memoryTrail>;
let history: { [commit: string]: CommitDescription };
let files: FileChange[];
let asked: string[];

beforeEach(() => {
  trail = memoryTrail();
  history = {};
  files = [{ path: 'server.js', change: 'M' }];
  asked = [];
});

const commit = (id: string, ...parents: string[]): void => {
  history[id] = { message: `The message of ${id}\n`, author: ann, committer: ann, parents };
};

const describePush = (id: string, old: string | null, get = (found: string) => history[found] ?? null) =>
  describeChange({
    trail,
    source,
    digest: (text) => createHmac('sha256', 'key').update(text).digest('hex'),
    commits: {
      get: (_repository, wanted) => {
        asked.push(wanted);
        return Promise.resolve().then(() => get(wanted));
      },
      files: (_repository, _before, _after, limit) => Promise.resolve(files.slice(0, limit)),
    },
  })({ repository: 'shop', commit: id, old });

const described = () => trail.entries.map(({ change }) => change?.commit);

describe('describe-change', () => {
  it('puts on record what the event of a push does not say', async () => {
    commit('c1', 'c0');
    await describePush('c1', 'c0');
    expect(trail.entries).toHaveLength(1);
    expect(trail.entries[0]).toMatchObject({
      kind: 'commit.described',
      factKey: 'commit/shop/c1#described',
      change: { repository: 'shop', commit: 'c1' },
      detail: {
        repository: 'shop',
        commit: 'c1',
        message: 'The message of c1\n',
        author: ann,
        committer: ann,
        parents: ['c0'],
        files: [{ path: 'server.js', change: 'M' }],
      },
    });
  });

  it('does not take the author of a commit for who pushed it', async () => {
    commit('c1');
    await describePush('c1', null);
    expect(trail.entries[0]?.actor).toEqual({ type: 'service', name: 'escalator' });
  });

  it('describes every new commit of a push, down to where the branch stood', async () => {
    for (const [id, ...parents] of [['c4', 'c3'], ['c3', 'c2'], ['c2', 'c1'], ['c1', 'c0'], ['c0']])
      commit(id ?? '', ...parents);
    await describePush('c4', 'c1');
    expect(described()).toEqual(['c4', 'c3', 'c2']);
  });

  it('describes both sides of a merge, each commit once', async () => {
    commit('m', 'a', 'b');
    commit('a', 'base');
    commit('b', 'base');
    await describePush('m', 'base');
    expect(described()).toEqual(['m', 'a', 'b']);
    expect(asked).toEqual(['m', 'a', 'b']);
  });

  it('describes only the newest commit of a branch that is new', async () => {
    commit('c2', 'c1');
    commit('c1');
    await describePush('c2', null);
    expect(described()).toEqual(['c2']);
  });

  it('stops after fifty commits when the branch was moved to where it never was', async () => {
    for (let n = 1; n <= 80; n += 1) commit(`c${n}`, `c${n - 1}`);
    await describePush('c80', 'elsewhere');
    expect(described()).toHaveLength(50);
    expect(described().at(-1)).toBe('c31');
  });

  it('records a commit that is gone as gone', async () => {
    await describePush('lost', 'c0');
    expect(trail.entries[0]).toMatchObject({ kind: 'commit.described', outcome: 'gone', detail: { gone: true } });
  });

  it('comes back, with nothing on record, when CodeCommit does not answer', async () => {
    commit('c2', 'c1');
    const throttled = (id: string) => {
      if (id === 'c1') throw new Error('ThrottlingException');
      return history[id] ?? null;
    };
    await expect(describePush('c2', 'c0', throttled)).rejects.toThrow('ThrottlingException');
    expect(trail.entries).toEqual([]);
  });

  it('adds nothing when the message comes again', async () => {
    commit('c1');
    await describePush('c1', 'c0');
    await describePush('c1', 'c0');
    expect(trail.entries).toHaveLength(1);
  });

  it('takes a secret out of a commit message, also where the message is then cut', async () => {
    commit('c1');
    history['c1'] = { message: `${'x'.repeat(9_990)} ${secret}`, author: ann, committer: ann, parents: [] };
    await describePush('c1', 'c0');
    const [entry] = trail.entries;
    expect(JSON.stringify(entry)).not.toContain(secret.slice(0, 9));
    expect(entry?.redactions).toHaveLength(1);
    expect(String(entry?.detail['message']).length).toBeLessThanOrEqual(10_000);
  });

  it('keeps a record small, and one that can be kept, whatever git was made to hold', async () => {
    const name = `${'é'.repeat(249)}🚨${'x'.repeat(100_000)}`;
    history['c1'] = {
      message: `${'x'.repeat(9_999)}🚨${'y'.repeat(10_000_000)}\ud800`,
      author: { name, email: '\udfff', date: '' },
      committer: null,
      parents: [],
    };
    files = Array.from({ length: 50_000 }, (_unused, n) => ({ path: `${n}/${'deep/'.repeat(1_000)}`, change: 'A' }));
    await describePush('c1', null);
    const detail = trail.entries[0]?.detail ?? {};
    expect(detail['files']).toHaveLength(100);
    expect(Buffer.byteLength(canonical(detail))).toBeLessThan(60_000);
  });
});
