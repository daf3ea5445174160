import { beforeEach, describe, expect, it } from 'vitest';
import { describeChange } from '../../../functions/describe-change/describe-change.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const ada = { type: 'person', id: 'arn:aws:iam::000000000000:user/ada', name: 'ada', verified: true } as const;

let trail = memoryTrail();
let parents: { [commit: string]: string[] } = {};
let asked: string[] = [];

beforeEach(() => {
  trail = memoryTrail();
  parents = {};
  asked = [];
});

/** A line of history, oldest first. */
const line = (...commits: string[]): void => {
  commits.forEach((id, index) => (parents[id] = index === 0 ? [] : [commits[index - 1] ?? '']));
};
const many = (name: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${name}${n}`);

const push = async (old: string, commit: string, over: Partial<Draft> = {}): Promise<void> => {
  const detail = { repository: 'shop', ref: 'refs/heads/main', refType: 'branch', old, new: commit };
  const entry = draftOf({ kind: 'reference.updated', actor: ada, service: 'shop', detail, ...over });
  const [recorded] = await trail.append([{ key: `push ${old} ${commit}`, entries: [entry] }]);
  const { segment = 0, seq = 0 } = recorded?.place ?? {};
  await describeChange({
    trail,
    source,
    digest: () => '',
    commits: {
      get: (_, id) => {
        asked.push(id);
        const known = parents[id];
        return Promise.resolve(
          known === undefined ? null : { message: id, author: null, committer: null, parents: known },
        );
      },
      files: () => Promise.resolve([]),
    },
  })({ repository: 'shop', commit, old, segment, seq });
};
const found = () => trail.entries.filter(({ kind }) => kind === 'branch.rewritten');

describe('a branch that goes on', () => {
  it('is not rewritten, and nobody is asked about what it had before', async () => {
    line('a', 'b', 'c', 'd');
    await push('b', 'd');
    expect(found()).toEqual([]);
    expect(asked).toEqual(['d', 'c']);
  });

  it('is not rewritten by a merge', async () => {
    line('a', 'b');
    parents['x'] = ['a'];
    parents['m'] = ['b', 'x'];
    await push('b', 'm');
    expect(found()).toEqual([]);
  });
});

describe('a branch that is moved to what does not descend from where it stood', () => {
  it('is on record as rewritten: by whom, which, from where to where', async () => {
    line('a', 'b', 'old');
    parents['new'] = ['b'];
    await push('old', 'new');
    expect(found()).toMatchObject([
      {
        actor: ada,
        service: 'shop',
        change: { repository: 'shop', commit: 'new' },
        detail: { repository: 'shop', ref: 'refs/heads/main', old: 'old', new: 'new', push: 0 },
      },
    ]);
  });

  it('is, also where it was taken back to an earlier commit', async () => {
    line('a', 'b', 'c');
    await push('c', 'a');
    expect(found()).toHaveLength(1);
  });

  it('is, where the history is long and the two part near its end: one more commit is asked for', async () => {
    line(...many('c', 300), 'old');
    parents['new'] = ['c299'];
    await push('old', 'new');
    expect(found()).toHaveLength(1);
    expect(asked).toHaveLength(51);
  });

  it('is, where what it had is gone from the repository', async () => {
    line(...many('c', 300), 'new');
    await push('old', 'new');
    expect(found()).toHaveLength(1);
  });

  it('is once, however often the message comes', async () => {
    line('a', 'old');
    parents['new'] = ['a'];
    await push('old', 'new');
    await push('old', 'new');
    expect(found()).toHaveLength(1);
  });

  it('says that it was replayed, or found late, where the push was', async () => {
    line('a', 'old');
    parents['new'] = ['a'];
    const detail = { repository: 'shop', ref: 'refs/heads/main', old: 'old', new: 'new', reconciled: 'late' };
    await push('old', 'new', { detail });
    expect(found()[0]?.detail).toMatchObject({ reconciled: 'late' });
  });
});

describe('nobody says that a branch was rewritten', () => {
  it('where the two part too far back to be certain', async () => {
    line('root', ...many('o', 60), 'old');
    many('n', 60).forEach((id, n) => (parents[id] = [n === 0 ? 'root' : `n${n - 1}`]));
    parents['new'] = ['n59'];
    await push('old', 'new');
    expect(found()).toEqual([]);
  });

  it('where the new commit is gone itself', async () => {
    await push('old', 'new');
    expect(found()).toEqual([]);
  });
});
