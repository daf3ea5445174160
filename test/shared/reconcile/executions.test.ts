import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from '../../../functions/support/pace.ts';
import { createPipelineHistory } from '../../../functions/support/pipeline-history.ts';
import type { EmittedEvent } from '../../../local/world.ts';
import { executionEvents } from '../../../shared/reconcile/executions.ts';
import { clientOf } from '../../harness/stand-in-client.ts';
import {
  account,
  created,
  createdUpTo,
  ended,
  type Life,
  region,
  started,
  testBed,
} from '../../local/pipeline/harness.ts';
import { groupsOf } from '../event/harness.ts';

let bed: ReturnType<typeof testBed>;
beforeEach(() => {
  bed = testBed();
  bed.push({ a: '1' });
});
afterEach(() => bed.close());

const place = { account, region };

/** The keys of what the events told, and of what the answers say now. */
const pushed = (life: Life): string[] =>
  life.events.filter(({ source }) => source === 'aws.codepipeline').flatMap((event) => keysOf(asDelivered(event)));

const keysOf = (event: object): string[] => groupsOf(event, place).map(({ key }) => key);

const asDelivered = ({ source, detailType, detail, resources }: EmittedEvent): object => ({
  ...place,
  source,
  'detail-type': detailType,
  resources,
  detail,
});

const polled = async (life: Life): Promise<string[]> => {
  const client = clientOf<CodePipelineClient>(life.operations);
  const history = createPipelineHistory(
    client,
    paced(() => Promise.resolve(), 0),
  );
  const page = await history.executions('shop', null);
  if (page === null || page === 'stale') throw new Error('there is no such pipeline');
  const events = [];
  for (const execution of page.executions)
    events.push(...executionEvents(execution, await history.actions('shop', execution.id), place));
  return events.flatMap(({ event }) => keysOf(event));
};

/** Both are told of the same facts, but for those whose key says one of `besides`. */
const expectSame = async (life: Life, besides = /nothing/): Promise<void> => {
  const read = await polled(life);
  await vi.waitFor(() =>
    expect(
      pushed(life)
        .filter((key) => !besides.test(key))
        .toSorted(),
    ).toEqual(read.toSorted()),
  );
};

describe('what CodePipeline answers of an execution is the same facts as its events', () => {
  it('where all goes well', async () => {
    const life = bed.open();
    await created(life);
    await ended(life, started(life));
    await expectSame(life);
  });

  it('where an action fails, and where its stage is retried until it succeeds', async () => {
    let tries = 0;
    const EscalatorDeploy = async () => ({
      status: (tries += 1) < 3 ? ('Failed' as const) : ('Succeeded' as const),
      summary: `try ${tries}`,
    });
    const life = bed.open({ EscalatorDeploy });
    const execution = await created(life);
    await expectSame(life);
    for (const retryMode of ['FAILED_ACTIONS', 'ALL_ACTIONS']) {
      const retried = { pipelineName: 'shop', stageName: 'Deploy', pipelineExecutionId: execution, retryMode };
      life.call('RetryStageExecution', retried);
      await ended(life, execution);
      await expectSame(life);
    }
  });

  it('where a stage is rolled back, by an execution of its own', async () => {
    const life = bed.open();
    const first = await created(life);
    await ended(life, started(life));
    const target = { pipelineName: 'shop', stageName: 'Deploy', targetPipelineExecutionId: first };
    await ended(life, life.call('RollbackStage', target)['pipelineExecutionId'] as string);
    await expectSame(life);
  });

  it('where an execution is overtaken by a newer one', async () => {
    const { held, life } = await createdUpTo(bed, 'EscalatorDeploy');
    const overtaken = started(life);
    const last = started(life);
    expect(await ended(life, overtaken)).toBe('Superseded');
    await held.release();
    await held.release();
    await ended(life, last);
    await expectSame(life);
  });

  it('where it is stopped, but for who asked when, and for the stage', async () => {
    const { held, life, execution } = await createdUpTo(bed, 'EscalatorDeploy');
    life.call('StopPipelineExecution', { pipelineName: 'shop', pipelineExecutionId: execution, reason: 'it hangs' });
    await held.release();
    await ended(life, execution);
    await expectSame(life, /,stopping,|Deploy,stopped,/);
  });

  it('while it is under way', async () => {
    const { held, life } = await createdUpTo(bed, 'EscalatorDeploy');
    await expectSame(life);
    await held.release();
  });
});
