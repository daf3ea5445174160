import { describe, expect, it } from 'vitest';
import { resultGroup } from '../../../functions/take-step/record.ts';
import type { Intent } from '../../../shared/ladder/intents.ts';
import { broken, healthy, type TestLadder } from '../../harness/ladder.ts';

const source = { name: 'escalator', account: '1', region: 'r', id: null, digest: null };
const came = { outcome: 'started', reason: 'RollbackStage to x-bad', execution: 'r-1', instances: [] } as const;
/** The entry of a result, of the act that a ladder has just intended. */
const entryOf = (test: TestLadder, reason: string = came.reason) => {
  test.timer();
  const phase = test.state().incident?.phase;
  const intent = (phase?.name === 'acting' ? phase.intent : null) as Intent;
  const group = resultGroup(
    { service: test.config, intent, incident: 'i' },
    { ...came, reason, instances: [] },
    source,
  );
  return { group, entry: group.entries[0] };
};

describe('the result of an act on record', () => {
  it('stands once, and is found by the change, the execution and the release that it is about', () => {
    const test = broken();
    const { group, entry } = entryOf(test);
    expect(group).toMatchObject({ key: `act/${test.actKey()}#result`, entries: [{ kind: 'step.result' }] });
    expect(entry).toMatchObject({
      service: 'shop',
      change: { repository: 'shop', commit: 'bad' },
      execution: 'r-1',
      release: 'production/shop@x-bad',
      outcome: 'started',
      detail: { ladder: 'production/shop', incident: 'i', action: 'redeploy', level: 'deploy', result: came },
    });
  });

  it('is about no change where it put none there', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    expect(entryOf(test).entry).toMatchObject({ change: null, release: null, detail: { action: 'replace-instances' } });
  });

  it('keeps no secret that AWS said', () => {
    const secret = `${'AKIA'}Q3EGRWYDLZ7XK2MV`;
    const { entry } = entryOf(broken(), `no access for ${secret}`);
    expect(JSON.stringify(entry)).not.toContain(secret);
    expect(entry?.reason).toContain('no access for');
  });
});
