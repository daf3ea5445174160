import { describe, expect, it } from 'vitest';
import { moveOf, moveRows } from '../../../shared/question/move-rows.ts';
import { movesIn, movesOf } from '../../../shared/question/moves.ts';
import type { Draft, Entry } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import { minuteAt } from '../../harness/moves.ts';

const entry = (over: Partial<Draft>, seq = 1): Entry => ({ ...draftOf(over), seq, observedAt: minuteAt(0) }) as Entry;

const person = { type: 'person', id: 'arn:aws:iam::1:user/ada', name: 'ada', verified: true } as const;
const session = { type: 'role-session', id: 'arn:x', role: 'arn:aws:iam::1:role/dev', session: 'ada' } as const;
const called = (service: string, call: string, over: Partial<Draft> = {}): Entry =>
  entry({
    kind: 'call',
    actor: person,
    subject: 'arn:aws:ecs:eu-west-1:1:service/shop/web',
    source: { name: 'aws.ecs', account: '1', region: 'eu-west-1', id: null, digest: null },
    detail: { call, service: `${service}.amazonaws.com`, ...over.detail },
    ...(over.actor && { actor: over.actor }),
  });

describe('what counts as a move', () => {
  it.each([
    'release.reached',
    'target.written',
    'deployment.started',
    'service-deployment.started',
    'instance-refresh.started',
    'stack.started',
    'alarm.configured',
    'configuration.loaded',
    'instance.launched',
    'action.failed',
    'build.failed',
  ])('is %s', (kind) => expect(moveOf(entry({ kind }))).not.toBeNull());

  it.each(['alarm.changed', 'ladder.decided', 'stage.succeeded', 'task.running', 'call.failed', 'reference.updated'])(
    'is not %s',
    (kind) => expect(moveOf(entry({ kind }))).toBeNull(),
  );

  it('is any change that a person called for, and of those in a role what changes what is served', () => {
    expect(moveOf(called('rds', 'ModifyDBInstance'))?.how).toBe('by-hand');
    expect(moveOf(called('ecs', 'UpdateService', { actor: session }))?.how).toBe('by-hand');
    expect(moveOf(called('rds', 'ModifyDBInstance', { actor: session }))).toBeNull();
  });

  it('is nothing that only looks, nor what a service called for in somebody’s name', () => {
    expect(moveOf(called('ecs', 'UpdateService', { detail: { readOnly: true } }))).toBeNull();
    expect(moveOf(called('ecs', 'UpdateService', { detail: { invokedBy: 'codedeploy.amazonaws.com' } }))).toBeNull();
  });

  it('names of a release what it brings and whose it is, and never all of a long message', () => {
    const release = { commit: 'a1b2c3d4', subject: 'Sell faster'.padEnd(10_000_000, '!'), author: 'Ann' };
    const says = moveOf(entry({ kind: 'release.reached', environment: 'production', detail: { release } }))?.says ?? '';
    expect(says).toMatch(/^a1b2c3d reached production: "Sell faster!+" by Ann$/);
    expect(says.length).toBeLessThan(200);
  });

  it('says whose hand it was where a ladder noted it', () => {
    expect(moveOf(entry({ kind: 'target.written', detail: { who: person, target: 'arn:y' } }))).toMatchObject({
      by: person,
      subject: 'arn:y',
    });
  });
});

describe('the rows of moves', () => {
  const launched = (n: number, environment: string | null): Entry =>
    entry({ kind: 'instance.launched', environment, occurredAt: minuteAt(n) }, n);

  it('are one for each environment, and one for what belongs to none', () => {
    const rows = moveRows(7, [launched(1, 'production'), launched(2, null), launched(3, 'production')]);
    expect(rows.map(({ question, body }) => [question, movesOf([{ body }]).map(({ seq }) => seq)])).toEqual([
      [movesIn('production'), [3, 1]],
      [movesIn(null), [2]],
    ]);
  });

  it('are none where nothing moved, so that most entries cost none', () => {
    expect(moveRows(7, [entry({ kind: 'alarm.changed' }), entry({ kind: 'task.running' })])).toEqual([]);
  });

  it('hold the newest of a storm', () => {
    const [row] = moveRows(
      7,
      Array.from({ length: 100 }, (_, n) => launched(n, 'production')),
    );
    expect(movesOf(row === undefined ? [] : [row]).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 20 }, (_, n) => 99 - n),
    );
  });
});
