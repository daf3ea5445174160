import { beforeEach, describe, expect, it } from 'vitest';
import { commandApi } from '../../../functions/take-command/take-command.ts';
import { createLadders } from '../../../functions/support/ladders.ts';
import { evolveIncident, incidentOf, type IncidentView } from '../../../shared/question/incidents.ts';
import { says } from '../../../shared/story/says.ts';
import { broken } from '../../harness/ladder.ts';
import { memoryRows, memoryTrail } from '../../harness/memory-trail.ts';
import { tellPorts } from '../../harness/tell-ports.ts';

const source = { name: 'escalator', account: '000000000000', region: 'us-east-1', id: null, digest: null };
const commit = 'c0ffee'.repeat(6) + 'c0ff';

describe('a note', () => {
  let trail = memoryTrail();
  let incident = '';
  beforeEach(async () => {
    trail = memoryTrail();
    const test = broken();
    incident = test.state().incident?.id ?? '';
    const ladders = createLadders(trail, memoryRows(), source);
    for (const { before, on, decision } of test.versions) await ladders.record(test.config, before, on, decision);
  });

  const send = async (over: object = {}) => {
    const api = commandApi({
      trail,
      telling: tellPorts(trail),
      source,
      redrive: { queues: [], move: () => Promise.resolve(0) },
      actorOf: (_context, said) => ({ type: 'person', id: said, name: said, verified: false }),
      ladders: ['production/shop'],
      seal: () => undefined,
    });
    const body = { id: 'note-00001', by: 'ada', incident, cause: 'a null', preventedBy: commit, ...over };
    const headers = { 'content-type': 'application/json' };
    const answer = await api.request('/api/notes', { method: 'POST', body: JSON.stringify(body), headers });
    return { status: answer.status, body: (await answer.json()) as { seq?: number; error?: { code: string } } };
  };
  const notes = () => trail.entries.filter(({ kind }) => kind === 'incident.noted');

  it('on an incident is on record with who, the cause, and what prevents it, and twice is once', async () => {
    expect(await send()).toEqual(await send());
    expect(notes()).toMatchObject([
      {
        environment: 'production',
        service: 'shop',
        actor: { id: 'ada' },
        reason: 'a null',
        change: { repository: null, commit },
        detail: { incident, cause: 'a null', preventedBy: commit },
      },
    ]);
    expect(notes().map(says)).toEqual([`ada noted the cause: a null; prevented by ${commit}`]);
  });

  it('may name an address instead of a commit, which is of no change', async () => {
    await send({ preventedBy: 'https://example.com/reviews/7' });
    expect(notes()).toMatchObject([{ change: null, detail: { preventedBy: 'https://example.com/reviews/7' } }]);
  });

  it('shows beside the incident, the newest twenty of them, and one made before there were notes shows none', async () => {
    for (let n = 0; n < 21; n += 1) await send({ id: `note-${n}0000`, cause: `cause ${n}` });
    const view = trail.entries.reduce<IncidentView | null>(evolveIncident, null);
    if (view === null) throw new Error('there is no incident');
    const shown = incidentOf({ body: view });
    expect(shown.notes).toHaveLength(20);
    expect(shown.notes.at(-1)).toMatchObject({ by: 'ada', cause: 'cause 20', preventedBy: commit });
    const { notes: _notes, ...older } = view;
    expect(incidentOf({ body: older }).notes).toEqual([]);
  });

  it('takes no secret on record', async () => {
    await send({ cause: 'the key AKIAIOSFODNN7RXAMPLE leaked' });
    expect(JSON.stringify(notes())).not.toContain('AKIAIOSFODNN7RXAMPLE');
  });

  it.each<[string, object]>([
    ['of a version that opened none', { incident: 'production.shop.1' }],
    ['of a version that is not yet', { incident: 'production.shop.999' }],
    ['of another ladder', { incident: 'production.cart.1' }],
    ['of no incident at all', { incident: 'production' }],
    ['of a hostile name', { incident: "production.shop.1#'; --" }],
    ['of what is only like a name', { incident: '__proto__.constructor.1' }],
  ])('%s is refused, and nothing is on record', async (_, over) => {
    expect(await send(over)).toMatchObject({ status: 404, body: { error: { code: 'ESC-011' } } });
    expect(notes()).toEqual([]);
  });

  it.each<[string, object]>([
    ['without a cause', { cause: ' ' }],
    ['with an endless cause', { cause: 'x'.repeat(501) }],
    ['prevented by nothing', { preventedBy: '' }],
    ['prevented by a script', { preventedBy: 'javascript:alert(1)' }],
    ['prevented by a file', { preventedBy: 'file:///etc/passwd' }],
    ['with a password in its address', { preventedBy: 'https://ada:secret@example.com/' }],
    ['with a line of its own in its address', { preventedBy: 'https://example.com/\nFROM: us' }],
    ['with more than it takes', { why: 'x' }],
  ])('%s is refused, and nothing is on record', async (_, over) => {
    expect(await send(over)).toMatchObject({ status: 400, body: { error: { code: 'ESC-012' } } });
    expect(notes()).toEqual([]);
  });

  it('under an id that stands for another one is refused', async () => {
    await send();
    expect(await send({ cause: 'another' })).toMatchObject({ body: { error: { code: 'ESC-012' } } });
  });
});
