import { indexSegments } from '../../functions/index-trail/index-trail.ts';
import { questionApi } from '../../functions/answer-question/answer-question.ts';
import type { Rows } from '../../shared/ports.ts';
import type { Draft } from '../../shared/trail/entry.ts';
import { draftOf } from './drafts.ts';
import { memoryRows, memoryTrail } from './memory-trail.ts';

// What the API answers is looked into freely here: a wrong shape fails the test.
// oxlint-disable-next-line typescript/no-explicit-any
export type Answer = any;

export const commit = 'a'.repeat(40);
export const minute = (n: number): string => `2026-11-21T12:${String(n).padStart(2, '0')}:00.000Z`;

export const draft = (kind: string, over: Partial<Draft> = {}): Draft =>
  draftOf({
    kind,
    occurredAt: minute(0),
    actor: { type: 'person', id: 'arn:aws:iam::1:user/ada', name: 'ada', verified: true },
    subject: 'arn:aws:codecommit:us-east-1:1:shop',
    environment: 'production',
    service: 'shop',
    ...over,
  });

/** The query API over a trail of these entries, indexed; `index` takes them into the index once more. */
export const answering = async (drafts: Draft[], rows: Rows = memoryRows()) => {
  const trail = memoryTrail();
  for (const [n, entry] of drafts.entries()) await trail.append([{ key: `f#${n}`, entries: [entry] }]);
  const index = async () => {
    for (const segment of await trail.since(0, 1_000)) await indexSegments(rows)([segment]);
  };
  await index();
  const api = questionApi({ trail, rows }, () => ({ version: 'test' }));
  const get = async (path: string): Promise<{ status: number; body: Answer }> => {
    const answer = await api.request(path);
    return { status: answer.status, body: await answer.json() };
  };
  return { get, index };
};
