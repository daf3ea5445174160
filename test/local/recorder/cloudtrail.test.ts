import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { LookupEventsCommand, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallRead, createCallHistory } from '../../../functions/support/call-history.ts';
import { paced } from '../../../functions/support/pace.ts';
import { callEvent } from '../../../shared/reconcile/calls.ts';
import { account, region } from '../endpoint/harness.ts';
import { type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
beforeEach(async () => {
  recorder = await startRecorder();
});
afterEach(() => recorder.stop());

const make = (StackName: string) => recorder.cloudformation.send(new CreateStackCommand({ StackName }));

/** All that is known until a time, newest first, and how many pages it was. */
const callsUntil = async (time: Date): Promise<{ calls: CallRead[]; pages: number }> => {
  const history = createCallHistory(
    recorder.cloudtrail,
    paced(() => Promise.resolve(), 0),
  );
  const found: CallRead[] = [];
  let pages = 0;
  for await (const { calls } of history.until(time.toISOString())) {
    found.push(...calls);
    pages += 1;
  }
  return { calls: found, pages };
};

const look = (input: LookupEventsCommandInput) => recorder.cloudtrail.send(new LookupEventsCommand(input));

describe('what CloudTrail tells of calls', () => {
  it('is who called what, when, and what was answered, as the event of it would', async () => {
    const { StackId } = await make('shop');
    const { calls } = await callsUntil(recorder.now());
    expect(calls.map(({ at }) => at)).toEqual([recorder.now().toISOString()]);
    const told = callEvent(calls[0]?.record ?? '', { account, region });
    expect(told?.event).toMatchObject({
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.cloudformation',
      account,
      region,
      time: '2026-11-21T12:00:00Z',
      detail: { eventName: 'CreateStack', responseElements: { stackId: StackId } },
    });
  });

  it('comes in pages, newest first, each call once, and nothing of after', async () => {
    for (let n = 0; n < 120; n += 1) {
      await make(`stack-${n}`);
      recorder.pass(1_000);
    }
    const { calls, pages } = await callsUntil(new Date(recorder.now().getTime() - 11_000));
    const names = calls.map(({ record }) => JSON.parse(record) as { requestParameters: { stackName: string } });
    expect(names.map(({ requestParameters }) => requestParameters.stackName)).toEqual(
      Array.from({ length: 110 }, (_, n) => `stack-${109 - n}`),
    );
    expect(pages).toBe(3);
  });

  it('is kept for ninety days', async () => {
    await make('shop');
    recorder.pass(90 * 24 * 3_600_000);
    expect((await callsUntil(recorder.now())).calls).toHaveLength(1);
    recorder.pass(1_000);
    expect((await callsUntil(recorder.now())).calls).toEqual([]);
  });

  it('is refused as CloudTrail refuses', async () => {
    await expect(look({ MaxResults: 51 })).rejects.toMatchObject({ name: 'InvalidMaxResultsException' });
    await expect(look({ NextToken: 'nobody' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
    const range = { StartTime: new Date(2_000), EndTime: new Date(1_000) };
    await expect(look(range)).rejects.toMatchObject({ name: 'InvalidTimeRangeException' });
    const attribute = { AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' };
    await expect(look({ LookupAttributes: [attribute, attribute] })).rejects.toMatchObject({
      name: 'InvalidLookupAttributesException',
    });
  });
});
