import { beforeEach, describe, expect, it } from 'vitest';
import { commandApi } from '../../../functions/take-command/take-command.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const sums = 'ab'.repeat(32);
const exported = { id: 'export-0001', by: 'ada', asked: { everything: true }, entries: 7, sums };
const order = { id: 'order-00001', by: 'ada', ladder: 'production/shop', why: 'it leaks' };
const redrive = { id: 'redrive-0001', by: 'ada', queue: 'bulk', limit: 100 };

describe('a command', () => {
  let trail = memoryTrail();
  let [seals, left] = [0, 0];
  let fails = false;
  const moves: [string, number][] = [];
  const api = () =>
    commandApi({
      trail,
      telling: tellPorts(trail),
      source,
      redrive: {
        queues: ['urgent', 'bulk'],
        move: (queue, limit) => {
          moves.push([queue, limit]);
          if (fails) return Promise.reject(new Error('the queue does not answer'));
          const moved = Math.min(left, limit);
          left -= moved;
          return Promise.resolve(moved);
        },
      },
      actorOf: (_context, said) => ({ type: 'person', id: said, name: said, verified: false }),
      ladders: ['production/shop'],
      seal: () => void (seals += 1),
    });
  const send = async (path: string, body: unknown, type = 'application/json') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await api().request(path, { method: 'POST', body: text, headers: { 'content-type': type } });
    return {
      status: answer.status,
      body: (await answer.json()) as { [field: string]: unknown; error?: { code: string; message: string } },
    };
  };
  const kinds = () => trail.entries.map(({ kind }) => kind);

  beforeEach(() => {
    trail = memoryTrail();
    [seals, left, fails] = [0, 3, false];
    moves.length = 0;
  });

  it('to a ladder is on record with who said it and why, and twice is once', async () => {
    const order = { id: 'order-00001', by: 'ada', ladder: 'production/shop', order: { name: 'hold' }, why: 'the sale' };
    expect(await send('/api/orders/hold', order)).toEqual({ status: 200, body: { seq: 0 } });
    expect(await send('/api/orders/hold', order)).toEqual({ status: 200, body: { seq: 0 } });
    expect(trail.entries).toMatchObject([
      {
        kind: 'order.given',
        environment: 'production',
        service: 'shop',
        actor: { id: 'ada' },
        reason: 'the sale',
        detail: { ladder: 'production/shop', order: { name: 'hold' } },
      },
    ]);
  });

  it.each<[string, { order?: { name: string; until?: string }; [field: string]: unknown }, string]>([
    ['that there is not', { ladder: 'production/moon' }, 'ESC-011'],
    ['without a reason', { why: ' ' }, 'ESC-012'],
    ['of no such name', { order: { name: 'destroy' } }, 'ESC-012'],
    ['with more than it takes', { order: { name: 'hold', until: '2026-11-21T00:00:00Z' } }, 'ESC-012'],
    ['without what it needs', { order: { name: 'claim' } }, 'ESC-012'],
  ])('to a ladder %s is refused', async (_, change, code) => {
    const order = { id: 'order-00001', by: 'ada', ladder: 'production/shop', order: { name: 'hold' }, why: 'x' };
    const { body } = await send(`/api/orders/${change.order?.name ?? 'hold'}`, { ...order, ...change });
    expect(body.error?.code).toBe(code);
    expect(trail.entries).toEqual([]);
  });

  it('is given at the path of its name only: who may approve may not force by the same door', async () => {
    const order = { id: 'order-00001', by: 'ada', ladder: 'production/shop', why: 'x' };
    const { status, body } = await send('/api/orders/approve', { ...order, order: { name: 'force', level: 'node' } });
    expect([status, body.error?.message]).toEqual([400, 'order.name: force is not given here']);
    expect(trail.entries).toEqual([]);
  });

  it('to put an export on record says who took what, and asks for a seal', async () => {
    expect(await send('/api/exports', exported)).toEqual({ status: 200, body: { seq: 0 } });
    expect(trail.entries).toMatchObject([
      {
        kind: 'trail.exported',
        subject: 'escalator:export/export-0001',
        actor: { type: 'person', id: 'ada', verified: false },
        detail: { asked: { everything: true }, entries: 7, sums },
      },
    ]);
    expect(seals).toBe(1);
  });

  it.each([
    { since: '2026-11-01T00:00:00.000Z', until: '2026-11-21T00:00:00.000Z' },
    { change: 'abcdef1' },
    { release: 'production/shop@1' },
  ])('takes an export of %j', async (asked) => {
    expect(await send('/api/exports', { ...exported, asked })).toMatchObject({ status: 200 });
    expect(trail.entries[0]?.detail['asked']).toEqual(asked);
  });

  it('sent twice under one id is recorded once, and answered the same', async () => {
    const first = await send('/api/exports', exported);
    expect(await send('/api/exports', exported)).toEqual(first);
    expect(kinds()).toEqual(['trail.exported']);
  });

  it('under an id that stands for another is refused: it would look recorded and not be', async () => {
    await send('/api/exports', exported);
    const answer = await send('/api/exports', { ...exported, sums: 'cd'.repeat(32) });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'ESC-012' } } });
    expect(answer.body.error?.message).toContain('export-0001 stands for another command');
    expect(kinds()).toEqual(['trail.exported']);
  });

  it('to redrive is on record before anything moves, and what was moved after', async () => {
    expect(await send('/api/redrives', redrive)).toEqual({ status: 200, body: { moved: 3 } });
    expect(trail.entries.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['dead-letters.redrive-asked', { queue: 'bulk', limit: 100 }],
      ['dead-letters.redriven', { queue: 'bulk', limit: 100, moved: 3 }],
    ]);
  });

  it('to redrive, sent again under its id, moves nothing more and answers what it moved then', async () => {
    await send('/api/redrives', redrive);
    left = 5;
    expect(await send('/api/redrives', redrive)).toEqual({ status: 200, body: { moved: 3 } });
    expect(moves).toEqual([['bulk', 100]]);
    expect(await send('/api/redrives', { ...redrive, queue: 'urgent' })).toMatchObject({ status: 400 });
    expect(kinds()).toHaveLength(2);
    expect(await send('/api/redrives', { ...redrive, id: 'redrive-0002' })).toMatchObject({ body: { moved: 5 } });
  });

  it('to redrive that broke off goes on when it is sent again', async () => {
    fails = true;
    expect(await send('/api/redrives', redrive)).toMatchObject({ status: 500 });
    expect(kinds()).toEqual(['dead-letters.redrive-asked']);
    fails = false;
    expect(await send('/api/redrives', redrive)).toEqual({ status: 200, body: { moved: 3 } });
    expect(kinds()).toEqual(['dead-letters.redrive-asked', 'dead-letters.redriven']);
  });

  it('for a queue that there is not says which there are, and records nothing', async () => {
    const answer = await send('/api/redrives', { ...redrive, queue: '../escalator-acts' });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'ESC-012', todo: 'one of urgent, bulk' } } });
    expect([kinds(), moves]).toEqual([[], []]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'sent as %j, as any page may, is refused',
    async (type) => {
      const answer = await send('/api/exports', exported, type);
      expect(answer).toMatchObject({ status: 400, body: { error: { message: 'a command is application/json' } } });
      expect(kinds()).toEqual([]);
    },
  );

  it.each<[string, unknown, string]>([
    ['/api/exports', '{', 'the body'],
    ['/api/exports', 'null', 'the body'],
    ['/api/exports', [], 'the body'],
    ['/api/exports', { ...exported, id: 'short' }, 'id'],
    ['/api/exports', { ...exported, id: 'with/slash' }, 'id'],
    ['/api/exports', { ...exported, by: '   ' }, 'by'],
    ['/api/exports', { ...exported, by: 'x'.repeat(201) }, 'by'],
    ['/api/exports', { ...exported, entries: -1 }, 'entries'],
    ['/api/exports', { ...exported, entries: 1.5 }, 'entries'],
    ['/api/exports', { ...exported, sums: 'AB'.repeat(32) }, 'sums'],
    ['/api/exports', { ...exported, asked: { everything: false } }, 'asked'],
    ['/api/exports', { ...exported, asked: { since: 'yesterday', until: 'today' } }, 'asked'],
    ['/api/exports', { ...exported, asked: { everything: true, change: 'abcdef1' } }, 'asked'],
    ['/api/exports', { ...exported, more: 1 }, 'more'],
    ['/api/exports', { ...exported, by: 'x'.repeat(70_000) }, 'at most 65536'],
    ['/api/orders/quarantine', { ...order, order: { name: 'quarantine' } }, 'order.of'],
    ['/api/orders/quarantine', { ...order, order: { name: 'quarantine', of: { commit: 'abc' } } }, 'order.of'],
    ['/api/orders/release', { ...order, order: { name: 'release', of: { commit: 'A'.repeat(40) } } }, 'order.of'],
    [
      '/api/orders/release',
      { ...order, order: { name: 'release', of: { commit: 'a'.repeat(40), release: 'x' } } },
      'order.of',
    ],
    ['/api/orders/release', { ...order, order: { name: 'release', of: { release: '' } } }, 'order.of'],
    ['/api/redrives', { ...redrive, limit: 0 }, 'limit'],
    ['/api/redrives', { ...redrive, limit: 1e9 }, 'limit'],
    ['/api/redrives', { ...redrive, limit: '5' }, 'limit'],
    ['/api/redrives', { ...redrive, queue: '' }, 'queue'],
    ['/api/redrives', { id: redrive.id }, 'by'],
  ])('to %s with something wrong in it is refused, and what is wrong is named: %j', async (path, body, wrong) => {
    const answer = await send(path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'ESC-012' } } });
    expect(answer.body.error?.message).toContain(wrong);
    expect([kinds(), moves, seals]).toEqual([[], [], 0]);
  });
});
