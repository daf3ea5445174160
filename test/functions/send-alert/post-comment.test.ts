import { beforeEach, describe, expect, it } from 'vitest';
import { postComment } from '../../../functions/send-alert/post-comment.ts';
import { livesAtMostMs } from '../../../functions/send-alert/send-alert.ts';
import type { Posted } from '../../../functions/support/comments.ts';
import type { AlertMessage } from '../../../shared/ports.ts';
import { draftOf } from '../../harness/drafts.ts';
import { memoryTrail, memoryTries } from '../../harness/memory-trail.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const comment = {
  id: 'change/000000000000/us-east-1/shop#7/1',
  repository: 'shop',
  commit: 'a'.repeat(40),
  parent: null,
  pull: null,
  says: 'it stopped',
  text: 'it stopped',
};

let trail: ReturnType<typeof memoryTrail>;
let tries: ReturnType<typeof memoryTries>;
let message: AlertMessage;
let tokens: string[];
let now: number;
/** what CodeCommit answers; throws where it does not */
let answer: () => Posted;

beforeEach(async () => {
  trail = memoryTrail();
  tries = memoryTries();
  tokens = [];
  now = Date.parse('2026-11-21T12:00:00.000Z');
  answer = () => ({ comment: 'c-1' });
  const [recorded] = await trail.append([
    { key: 'alerts/change#7', entries: [draftOf({ kind: 'comment.due', detail: { comment } })] },
  ]);
  message = { segment: recorded?.place.segment ?? -1, seq: recorded?.place.seq ?? -1, comment: true };
});

const post = () =>
  postComment({
    trail,
    tries,
    source,
    now: () => new Date(now),
    comments: {
      post: (_, token) => {
        tokens.push(token);
        return new Promise((resolve) => resolve(answer()));
      },
    },
  })(message);

const ends = () => trail.entries.slice(1).map(({ kind, reason }) => ({ kind, reason }));

describe('a comment', () => {
  it('is posted once, however often its message comes', async () => {
    await post();
    await post();
    expect(tokens).toHaveLength(1);
    expect(ends()).toEqual([{ kind: 'comment.posted', reason: null }]);
  });

  it('has the same token in each try: one whose answer was lost makes no second comment', async () => {
    answer = () => {
      throw new Error('the connection was closed');
    };
    await expect(post()).rejects.toThrow('closed');
    answer = () => ({ comment: 'c-1' });
    await post();
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
    expect(ends()).toEqual([{ kind: 'comment.posted', reason: null }]);
  });

  it('that CodeCommit does not want is put on record with the reason, without secrets, and let be', async () => {
    answer = () => ({ refused: 'RepositoryDoesNotExistException: no shop; password=hunter2hunter2' });
    await post();
    await post();
    expect(tokens).toHaveLength(1);
    expect(ends()).toEqual([{ kind: 'comment.refused', reason: expect.stringMatching(/^Repository((?!hunter).)*$/) }]);
  });

  it('that CodeCommit has no time for is tried five times, and then let be', async () => {
    answer = () => {
      throw new Error('ThrottlingException');
    };
    for (let times = 0; times < 5; times += 1) await expect(post()).rejects.toThrow('Throttling');
    await expect(post()).rejects.toThrow('by others'); // the last one may be under way still
    now += livesAtMostMs + 1;
    await post();
    expect(tokens).toHaveLength(5);
    expect(ends()).toEqual([{ kind: 'comment.refused', reason: 'it was tried 5 times' }]);
  });
});
