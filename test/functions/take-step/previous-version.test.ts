import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { onRecorder, readBackUnheard, readBackUnsent } from '../../harness/acting.ts';

const on = onRecorder(async ({ lambda }) => {
  await lambda.send(new CreateFunctionCommand({ FunctionName: 'shop', Role: 'arn:x', Code: {} }));
  for (let version = 1; version <= 3; version += 1)
    await lambda.send(new PublishVersionCommand({ FunctionName: 'shop' }));
  await lambda.send(new CreateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion: '3' }));
});

describe('previous-version', () => {
  const form = { type: 'previous-version', function: 'shop', alias: 'live' } as const;
  const alias = () => on.recorder.lambda.send(new GetAliasCommand({ FunctionName: 'shop', Name: 'live' }));
  const point = (FunctionVersion: string) =>
    on.recorder.lambda.send(new UpdateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion }));

  it('points the alias to the version before, at once', async () => {
    const act = on.hands.act(form);
    expect(await act.may()).toEqual({ may: 'act' });
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', reason: expect.stringContaining('version 2') });
    expect((await alias()).FunctionVersion).toBe('2');
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    await point('3');
    expect(await act.after(result)).toMatchObject({ status: 'failed' });
  });

  it('never points to what was gone back from lately', async () => {
    expect((await on.hands.act(form, 'production/shop#4.1', ['2']).look()).target).toMatchObject({ previous: '1' });
    const none = on.hands.act(form, 'production/shop#4.1', ['2', '1']);
    expect(await none.may()).toMatchObject({ may: 'not' });
  });

  it('never overwrites what somebody changed in between', async () => {
    const act = on.hands.act(form);
    const seen = await act.look();
    await point('1');
    expect(await act.start(seen)).toMatchObject({
      outcome: 'deferred',
      reason: expect.stringContaining('PreconditionFailed'),
    });
    expect((await alias()).FunctionVersion).toBe('1');
  });

  it('whose answer is lost is found by where the alias points', async () => {
    const act = on.hands.act(form);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
    expect(await readBackUnheard(on.hands, act)).toMatchObject({ outcome: 'started' });
    await point('1');
    expect(await act.readBack()).toMatchObject({ outcome: 'unknown' });
  });
});
