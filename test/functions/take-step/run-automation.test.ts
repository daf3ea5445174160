import { CreateDocumentCommand, DescribeAutomationExecutionsCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createActions } from '../../../functions/take-step/actions.ts';
import type { ActionConfig } from '../../../shared/config/config.ts';
import type { Intent } from '../../../shared/ladder/intents.ts';
import { onRecorder, readBackUnheard, readBackUnsent } from '../../harness/acting.ts';
import { shop } from '../../harness/ladder.ts';
import { pace } from '../../local/recorder/harness.ts';

const on = onRecorder(async ({ ssm }) => {
  for (const Name of ['shop-rebuild', 'shop-broken'])
    await ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Automation', Content: '{}' }));
});

describe('run-automation', () => {
  const form = {
    type: 'run-automation' as const,
    document: 'shop-rebuild',
    role: null,
    parameters: { A: ['1'] },
  } satisfies ActionConfig;
  const executions = async () =>
    (await on.recorder.ssm.send(new DescribeAutomationExecutionsCommand({}))).AutomationExecutionMetadataList;

  it('runs the document once under one intent, and is done when that succeeded', async () => {
    const act = on.hands.act(form);
    const result = await act.start();
    expect((await act.start()).operation).toBe(result.operation);
    expect(await executions()).toHaveLength(1);
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait' });
    on.recorder.pass(2 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
    expect((await on.hands.act(form, 'production/shop#9.1').start()).operation).not.toBe(result.operation);
  });

  it('failed with what the document says', async () => {
    const act = on.hands.act({ ...form, document: 'shop-broken' });
    const result = await act.start();
    on.recorder.pass(2 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'failed', reason: expect.stringContaining('Step fails') });
  });

  it('whose answer is lost is found by its tag', async () => {
    const act = on.hands.act(form);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
    expect(await readBackUnheard(on.hands, act)).toMatchObject({ outcome: 'started' });
    expect(await on.hands.act(form, 'production/shop#9.1').readBack()).toMatchObject({ outcome: 'not-started' });
  });
});

describe('a refusal', () => {
  const form = { type: 'run-automation', document: 'shop-rebuild', role: null, parameters: {} } as const;

  it.each([
    ['AccessDeniedException', 400, 'failed'],
    ['ThrottlingException', 400, 'deferred'],
    ['TooManyRequestsException', 429, 'deferred'],
    ['AutomationExecutionLimitExceededException', 400, 'deferred'],
  ])('%s (%i) is %s', async (name, status, outcome) => {
    on.hands.answer(name, status);
    expect(await on.hands.act(form).start()).toMatchObject({ outcome });
  });

  it.each([
    ['InternalServerError', 500],
    ['RequestTimeout', 408],
  ])('is not %s (%i): it may have had its effect', async (name, status) => {
    on.hands.answer(name, status);
    await expect(on.hands.act(form).start()).rejects.toThrow(name);
  });

  it('that nobody foresaw is told at once: nothing was done, and trying again helps nobody', async () => {
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    const fails = { start: () => Promise.reject(denied), readBack: () => Promise.reject(denied) };
    const actions = createActions({ redeploy: fails } as never);
    const intent = { action: 'redeploy' } as Intent;
    const reason = 'AccessDeniedException: not authorized';
    expect(await actions.start(shop(), intent, {} as never)).toMatchObject({ outcome: 'refused', reason });
    expect(await actions.readBack(shop(), intent, {} as never)).toMatchObject({
      outcome: 'unknown',
      reason: `what became of it cannot be read: ${reason}`,
    });
  });
});
