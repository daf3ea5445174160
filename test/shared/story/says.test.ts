import { describe, expect, it } from 'vitest';
import { says } from '../../../shared/story/says.ts';
import { ladderSays } from '../../../shared/story/ladder-says.ts';
import { kinds } from '../../../shared/event/kinds.ts';
import type { Told } from '../../../shared/story/words.ts';

const commit = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';
const entry = (kind: string, more: Partial<Told> = {}): Told => ({
  kind,
  actor: { type: 'service', name: 'escalator' },
  subject: 'arn:aws:codepipeline:us-east-1:000000000000:shop',
  environment: 'production',
  service: 'shop',
  change: null,
  execution: null,
  outcome: null,
  reason: null,
  detail: {},
  ...more,
});

describe('an entry is told in one sentence', () => {
  it.each<[string, Partial<Told>, string]>([
    [
      'reference.updated',
      {
        actor: { type: 'person', id: 'arn:aws:iam::000000000000:user/ada', name: 'ada', verified: false },
        detail: { repository: 'shop', ref: 'refs/heads/main', old: 'a', new: commit },
      },
      'ada pushed main of shop to 9f8e7d6',
    ],
    [
      'commit.described',
      { change: { repository: 'shop', commit }, detail: { message: 'Answer 500\n\nlong', author: { name: 'Ada' } } },
      '9f8e7d6 "Answer 500", by Ada',
    ],
    ['stage.succeeded', { detail: { pipeline: 'shop', stage: 'Deploy' } }, 'stage Deploy of shop succeeded'],
    [
      'action.failed',
      { reason: 'exit code 1', detail: { action: 'Build', stage: 'Build' } },
      'action Build in stage Build failed: exit code 1',
    ],
    [
      'action.failed',
      {
        reason: 'not on a Friday',
        detail: { action: 'Ask', stage: 'Approve', category: 'Approval', decision: 'rejected' },
      },
      'approval Ask in stage Approve was refused: not on a Friday',
    ],
    [
      'action.succeeded',
      { detail: { action: 'Ask', stage: 'Approve', category: 'Approval', decision: 'approved' } },
      'approval Ask in stage Approve was given',
    ],
    [
      'pipeline.started',
      { detail: { pipeline: 'shop', executionType: 'ROLLBACK', rollbackTarget: '5b0e' } },
      'pipeline shop started as a rollback to execution 5b0e',
    ],
    [
      'pipeline.started',
      { detail: { pipeline: 'shop', executionType: 'ROLLBACK', rollbackOf: '6c1f' } },
      'pipeline shop started as a rollback of execution 6c1f',
    ],
    [
      'pull-request.approved',
      {
        actor: { type: 'person', id: 'arn:aws:iam::000000000000:user/ada', name: 'ada', verified: true },
        detail: { repository: 'shop', pullRequest: '7', title: 'Show prices with tax' },
      },
      'ada approved pull request 7 of shop "Show prices with tax"',
    ],
    [
      'pull-request.approval-rules-overridden',
      { actor: { type: 'unknown' }, outcome: 'override-revoked', detail: { repository: 'shop', pullRequest: '7' } },
      'somebody put back the approval rules of pull request 7 of shop',
    ],
    [
      'comment.created',
      { actor: { type: 'unknown' }, change: { repository: 'shop', commit }, detail: { repository: 'shop' } },
      'somebody commented on 9f8e7d6 of shop',
    ],
    [
      'repository-trigger.fired',
      { outcome: 'tested', detail: { repository: 'shop', trigger: 'build' } },
      'trigger build of shop was tested',
    ],
    [
      'deployment.failed',
      { outcome: 'failed', reason: 'too few healthy', detail: { deployment: 'd-1', group: 'production' } },
      'deployment d-1 to production: failed: too few healthy',
    ],
    [
      'stack-resource.changed',
      {
        subject: 'arn:aws:cloudformation:us-east-1:000000000000:stack/shop/0a1b',
        outcome: 'update-failed',
        reason: 'Access denied',
        detail: { resource: 'Queue' },
      },
      'Queue of stack shop: update-failed: Access denied',
    ],
    [
      'stack.rolled-back',
      {
        subject: 'arn:aws:cloudformation:us-east-1:000000000000:stack/shop/0a1b',
        outcome: 'update-rollback-complete',
      },
      'stack shop: update-rollback-complete',
    ],
    [
      'alarm.changed',
      { reason: 'threshold crossed', detail: { alarm: 'shop-smoke', previous: 'OK', value: 'ALARM' } },
      'alarm shop-smoke went from OK to ALARM: threshold crossed',
    ],
    [
      'incident.opened',
      { detail: { incident: 'production.shop.5', failing: ['node', 'smoke'], suspect: null } },
      'incident production.shop.5 opened: node and smoke failing; no release is suspect',
    ],
    [
      'step.intended',
      {
        detail: {
          intent: {
            level: 'deploy',
            action: 'redeploy',
            release: { commit },
            forCause: { reason: 'smoke still fails' },
          },
        },
      },
      'level deploy: about to roll back to 9f8e7d6, for cause: smoke still fails',
    ],
    [
      'ladder.decided',
      { detail: { version: 6, input: { type: 'alarm', seq: 41, alarm: 'shop-smoke', value: 'fail' } } },
      'version 6 of the ladder was decided on alarm shop-smoke reading fail (entry 41)',
    ],
    [
      'compliance.changed',
      { reason: 'port 22 is open', detail: { replayed: 'rebuild' } },
      'replayed: compliance changed: shop: port 22 is open',
    ],
    ['compliance.changed', { reason: 'port 22 is open' }, 'compliance changed: shop: port 22 is open'],
  ])('%s', (kind, more, sentence) => expect(says(entry(kind, more))).toBe(sentence));

  it.each([...Object.keys(kinds), ...Object.keys(ladderSays), 'never.heard-of'])(
    '%s, whatever its detail lacks or holds instead',
    (kind) => {
      const details: Told['detail'][] = [
        {},
        { release: 5, intent: [], failing: 'x', input: null, alert: 'y', new: {} },
      ];
      for (const detail of details) {
        const sentence = says(entry(kind, { detail }));
        expect(sentence).not.toBe('');
        expect(sentence).not.toContain('[object');
        expect(sentence).not.toContain('undefined');
      }
    },
  );

  it('on one line that ends, also when its reason is the output of a build', () => {
    const sentence = says(entry('action.failed', { reason: 'line\nline\u2028\r\n'.repeat(1000) }));
    expect(sentence.length).toBeLessThan(510);
    expect(sentence).not.toMatch(/[\n\r\u2028]/);
  });
});
