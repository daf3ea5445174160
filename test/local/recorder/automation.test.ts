import {
  CreateDocumentCommand,
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
  StartAutomationExecutionCommand,
  type StartAutomationExecutionCommandInput,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pace, type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
beforeEach(async () => {
  recorder = await startRecorder({ fails: ['shop-broken'] });
  for (const Name of ['shop-rebuild', 'shop-broken'])
    await recorder.ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Automation', Content: '{}' }));
});
afterEach(() => recorder.stop());

const ClientToken = '3f2a9c4e-0000-4000-8000-00000000000A';
const start = async (more: Partial<StartAutomationExecutionCommandInput> = {}) =>
  (await recorder.ssm.send(new StartAutomationExecutionCommand({ DocumentName: 'shop-rebuild', ...more })))
    .AutomationExecutionId ?? '';
const get = async (AutomationExecutionId: string) =>
  (await recorder.ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId }))).AutomationExecution;

it('an execution runs in time, and ends well or says why not', async () => {
  const [good, bad] = [await start({ Parameters: { A: ['1'] } }), await start({ DocumentName: 'shop-broken' })];
  expect(await get(good)).toMatchObject({ AutomationExecutionStatus: 'InProgress', Parameters: { A: ['1'] } });
  await recorder.restart();
  recorder.pass(2 * pace);
  expect(await get(good)).toMatchObject({ AutomationExecutionStatus: 'Success', ExecutionEndTime: recorder.now() });
  expect(await get(bad)).toMatchObject({ AutomationExecutionStatus: 'Failed', FailureMessage: expect.any(String) });
});

it('the same token is the same execution, whatever the case of its letters; with other parameters it is a mistake', async () => {
  const first = await start({ ClientToken, Parameters: { A: ['1'] } });
  expect(await start({ ClientToken: ClientToken.toLowerCase(), Parameters: { A: ['1'] } })).toBe(first);
  await expect(start({ ClientToken, Parameters: { A: ['2'] } })).rejects.toMatchObject({
    name: 'IdempotentParameterMismatch',
  });
  expect(await start({ Parameters: { A: ['1'] } })).not.toBe(first);
});

it('executions are found by document, time and tag, newest first', async () => {
  const find = async (Key: 'TagKey' | 'DocumentNamePrefix' | 'StartTimeAfter', value: string) =>
    (
      await recorder.ssm.send(new DescribeAutomationExecutionsCommand({ Filters: [{ Key, Values: [value] }] }))
    ).AutomationExecutionMetadataList?.map(({ AutomationExecutionId }) => AutomationExecutionId);
  const first = await start({ Tags: [{ Key: 'act-1', Value: 'x' }] });
  recorder.pass(60_000);
  const second = await start();
  expect(await find('TagKey', 'act-1')).toEqual([first]);
  expect(await find('DocumentNamePrefix', 'shop-')).toEqual([second, first]);
  expect(await find('StartTimeAfter', recorder.now().toISOString())).toEqual([second]);
  await expect(find('Nonsense' as 'TagKey', 'x')).rejects.toMatchObject({ name: 'InvalidFilterKey' });
});

it('refuses documents and executions that are not there, and a token that is no UUID', async () => {
  await expect(start({ DocumentName: 'none' })).rejects.toMatchObject({
    name: 'AutomationDefinitionNotFoundException',
  });
  await expect(get('none')).rejects.toMatchObject({ name: 'AutomationExecutionNotFoundException' });
  await expect(start({ ClientToken: 'act-1' })).rejects.toMatchObject({ name: 'ValidationException' });
});
