import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
beforeEach(async () => {
  recorder = await startRecorder();
  const { lambda } = recorder;
  await lambda.send(new CreateFunctionCommand({ FunctionName: 'shop', Role: 'arn:x', Code: {} }));
  await lambda.send(new PublishVersionCommand({ FunctionName: 'shop' }));
  await lambda.send(new PublishVersionCommand({ FunctionName: 'shop', Description: 'the second' }));
  await lambda.send(new CreateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion: '2' }));
});
afterEach(() => recorder.stop());

const alias = () => recorder.lambda.send(new GetAliasCommand({ FunctionName: 'shop', Name: 'live' }));
const update = (more: Partial<UpdateAliasCommandInput>) =>
  recorder.lambda.send(new UpdateAliasCommand({ FunctionName: 'shop', Name: 'live', ...more }));

it('lists $LATEST, then the published versions', async () => {
  const { Versions } = await recorder.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: 'shop' }));
  expect(Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  expect(Versions?.[2]).toMatchObject({ Description: 'the second' });
});

it('gives an alias a new revision id with each change; what is not given stays, the weights too', async () => {
  const before = await alias();
  const weighted = await update({ RoutingConfig: { AdditionalVersionWeights: { 1: 0.1 } } });
  expect(weighted.RevisionId).not.toBe(before.RevisionId);
  await update({ FunctionVersion: '1' });
  await recorder.restart();
  expect(await alias()).toMatchObject({
    AliasArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop:live',
    FunctionVersion: '1',
    RoutingConfig: { AdditionalVersionWeights: { 1: 0.1 } },
  });
  expect((await update({ RoutingConfig: { AdditionalVersionWeights: {} } })).RoutingConfig).toBeUndefined();
});

it('refuses a change by one who saw an older revision', async () => {
  const { RevisionId } = await alias();
  await update({ FunctionVersion: '1', RevisionId });
  await expect(update({ FunctionVersion: '2', RevisionId })).rejects.toMatchObject({
    name: 'PreconditionFailedException',
    $metadata: { httpStatusCode: 412 },
  });
});

it('refuses versions, aliases and functions that are not there, or are there already', async () => {
  await expect(update({ FunctionVersion: '9' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(update({ Name: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(update({ FunctionName: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const again = new CreateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion: '1' });
  await expect(recorder.lambda.send(again)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  await expect(update({ RoutingConfig: { AdditionalVersionWeights: { 1: 2 } } })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});
