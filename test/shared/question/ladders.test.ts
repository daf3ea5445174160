import { describe, expect, it } from 'vitest';
import { ladderAnswer, type LadderAnswer } from '../../../shared/question/ladders.ts';
import { broken, healthy, level, shop, type TestLadder, wentBack } from '../../harness/ladder.ts';
import { tell } from '../../harness/orders.ts';

const shown = (test: TestLadder): LadderAnswer => ladderAnswer(test.state(), test.config, test.now(), { except: [] });
const inMs = (test: TestLadder, ms: number): string => new Date(Date.parse(test.now()) + ms).toISOString();

describe('how a ladder stands', () => {
  it('is at rest where nothing is the matter', () => {
    expect(shown(healthy())).toMatchObject({ status: 'at-rest', reason: null, until: null, incident: null });
  });

  it('is its incident, with what is done, what comes next, and when', () => {
    const test = broken();
    expect(shown(test)).toMatchObject({ status: 'quiescing', until: inMs(test, 30_000) });
    test.timer();
    expect(shown(test).incident).toMatchObject({
      status: 'climbing',
      attempt: 1,
      level: 'deploy',
      doing: 'redeploy bad',
      next: 'begin it',
    });
    test.result({ outcome: 'started', execution: 'r-1' });
    expect(shown(test).incident).toMatchObject({ next: 'look what came of it', at: inMs(test, 60_000) });
    test.stage('r-1', 'succeeded', 'x-bad');
    expect(shown(test).incident).toMatchObject({ next: 'settle, then verify', at: inMs(test, 60_000), level: null });
    test.timer();
    expect(shown(test).incident).toMatchObject({ status: 'settling', next: 'verify that it is healthy' });
    test.timer();
    expect(shown(test).incident).toMatchObject({ status: 'verifying', next: 'read the checks again: 0 of 3 good' });
  });

  it('names the level that comes next after a step', () => {
    const test = healthy();
    test.alarm('node', 'fail');
    test.timer();
    test.result({ outcome: 'started', instances: ['i-1'] });
    test.timer({ outcome: { status: 'done', reason: '' } });
    expect(shown(test).incident).toMatchObject({ level: 'deploy', next: 'level deploy', doing: null });
  });

  it('waits, and says for what', () => {
    const test = broken();
    test.timer({ alarms: null });
    expect(shown(test)).toMatchObject({ status: 'held', reason: 'look again: the checks cannot be read' });
  });

  it('asks, and says for which level and how long', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'ask' })] })));
    test.timer();
    const reason = 'called off, unless level deploy is approved: a person takes over';
    expect(shown(test)).toMatchObject({ status: 'asking', reason, until: inMs(test, 900_000) });
    expect(shown(test).levels).toMatchObject([
      { level: 'node', mode: 'act', approvals: 0 },
      { level: 'deploy', mode: 'ask', approvals: 1 },
    ]);
  });

  it('is held or claimed by somebody, for a reason, for as long as they said', () => {
    const test = broken();
    const until = inMs(test, 600_000);
    tell(test, { name: 'claim', until });
    expect(shown(test)).toMatchObject({
      status: 'claimed',
      until,
      stop: { by: 'claim', who: 'Ben', why: 'it must be', until },
    });
    expect(shown(test).incident).toMatchObject({ next: 'nothing, until it goes on', at: until });
    tell(test, { name: 'hold' });
    expect(shown(test)).toMatchObject({ status: 'held', reason: 'held by Ben: it must be', until: null });
  });

  it('is handed over until all checks have passed for a while', () => {
    const test = broken();
    test.timer();
    test.result({ outcome: 'refused', reason: 'no' });
    expect(shown(test)).toMatchObject({ status: 'handed-over', reason: 'no', until: null });
    test.alarm('smoke', 'pass');
    expect(shown(test)).toMatchObject({ status: 'handed-over', hold: { reason: 'no', until: inMs(test, 1_800_000) } });
  });

  it('was observed where its levels only observe', () => {
    const test = broken(healthy(shop({ levels: [level('node'), level('deploy', { mode: 'observe' })] })));
    test.timer();
    expect(shown(test)).toMatchObject({ status: 'observed', reason: 'level deploy only observes' });
  });
});

describe('what runs', () => {
  it('is shown with what would be gone back to, and why every other release would not', () => {
    const test = wentBack();
    test.deliver('next');
    const answer = shown(test);
    expect(answer.running).toMatchObject({ commit: 'next', execution: 'x-next', author: 'Ada', since: test.now() });
    expect(answer.lastGood).toMatchObject({ commit: 'good', execution: 'x-good' });
    expect(answer.ineligible.map(({ execution, reasons }) => [execution, reasons[0]])).toEqual([
      ['r-2', 'reached by a rollback'],
      ['r-1', 'reached by a rollback'],
      ['x-bad', expect.stringContaining('quarantined: check smoke passed before')],
    ]);
  });

  it('is shown with each refused commit once', () => {
    const { quarantined } = shown(wentBack());
    expect(quarantined).toEqual([{ commit: 'bad', reason: expect.stringContaining('check smoke') as string }]);
  });
});
