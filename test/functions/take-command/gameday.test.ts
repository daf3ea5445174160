import { beforeEach, describe, expect, it } from 'vitest';
import { commandApi } from '../../../functions/take-command/take-command.ts';
import { inputsOf } from '../../../shared/ladder/inputs-of.ts';
import type { Entry } from '../../../shared/trail/entry.ts';
import { shop } from '../../harness/ladder.ts';
import { memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const body = {
  id: 'gameday-0001',
  by: 'ada',
  ladder: 'production/shop',
  check: 'smoke',
  mode: null,
  steps: 1,
  why: 'we practise',
};

describe('a game day that is asked for', () => {
  let trail = memoryTrail();
  beforeEach(() => void (trail = memoryTrail()));
  const send = async (said: object) => {
    const api = commandApi({
      trail,
      telling: tellPorts(trail),
      source,
      redrive: { queues: [], move: () => Promise.resolve(0) },
      actorOf: (_context, name) => ({ type: 'person', id: name, name, verified: false }),
      ladders: ['production/shop', 'production'],
      seal: () => {},
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await api.request('/api/gamedays', { method: 'POST', body: JSON.stringify(said), headers });
    return { status: answer.status, said: (await answer.json()) as { error?: { message: string } } };
  };

  it('is on record with who and why, twice is once, and the ladder takes it in', async () => {
    expect(await send(body)).toEqual({ status: 200, said: { seq: 0 } });
    expect(await send(body)).toEqual({ status: 200, said: { seq: 0 } });
    expect(trail.entries).toMatchObject([
      {
        kind: 'gameday.asked',
        actor: { id: 'ada' },
        reason: 'we practise',
        environment: 'production',
        service: 'shop',
      },
    ]);
    const config = { digest: '', text: '', environments: [], services: [shop()], routes: [], topics: {}, revoked: [] };
    const [addressed] = inputsOf(trail.entries[0] as Entry, config);
    expect(addressed?.input).toMatchObject({
      type: 'gameday',
      seq: 0,
      check: 'smoke',
      mode: null,
      steps: 1,
      why: 'we practise',
    });
  });

  it.each<[string, object, string]>([
    ['another ladder', { ladder: 'production/none' }, 'there is no ladder "production/none"'],
    ['no reason', { why: ' ' }, 'why: say why'],
    ['another mode', { mode: 'angry' }, 'mode: '],
    ['steps that cannot be', { steps: -1 }, 'steps: '],
    ['something else as well', { force: true }, 'the body: '],
  ])('is refused with %s, and nothing is recorded', async (_, over, message) => {
    const { status, said } = await send({ ...body, ...over });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(said.error?.message).toContain(message);
    expect(trail.entries).toEqual([]);
  });
});
