import { CreateStackCommand, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paced } from '../../../functions/support/pace.ts';
import { createStackHistory, type StackHistory } from '../../../functions/support/stack-history.ts';
import { pace, type Recorder, startRecorder } from './harness.ts';

let recorder: Recorder;
let history: StackHistory;
beforeEach(async () => {
  recorder = await startRecorder({ fails: ['broken'] });
  history = createStackHistory(
    recorder.cloudformation,
    paced(() => Promise.resolve(), 0),
  );
});
afterEach(() => recorder.stop());

const template = (count: number): string =>
  JSON.stringify({
    Resources: Object.fromEntries(Array.from({ length: count }, (_, n) => [`Topic${n}`, { Type: 'AWS::SNS::Topic' }])),
  });
const create = (StackName: string, count = 1) =>
  recorder.cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody: template(count), ClientRequestToken: 'token-1' }),
  );
const update = (StackName: string) =>
  recorder.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: template(1) }));

/** All pages, newest first. */
const eventsOf = async (stack: string) => {
  const found = [];
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<StackHistory['events']>> = await history.events(stack, token);
    if (page === null || page === 'stale') throw new Error(`${stack}: ${page}`);
    found.push(...page.events);
    token = page.token;
  } while (token !== null);
  return found;
};
const told = async (stack: string) =>
  (await eventsOf(stack)).map(({ resource, status }) => `${resource.logical} ${status}`);

describe('a stack of CloudFormation', () => {
  it('goes through its states in time, its resources between, and is a resource of itself', async () => {
    const { StackId } = await create('shop');
    expect(await told('shop')).toEqual(['shop CREATE_IN_PROGRESS']);
    recorder.pass(3 * pace);
    const begin = ['Topic0 CREATE_IN_PROGRESS', 'shop CREATE_IN_PROGRESS'];
    expect(await told('shop')).toEqual(['shop CREATE_COMPLETE', 'Topic0 CREATE_COMPLETE', ...begin]);
    expect((await eventsOf(StackId ?? ''))[0]).toEqual({
      stack: StackId,
      resource: { logical: 'shop', physical: StackId, type: 'AWS::CloudFormation::Stack' },
      at: recorder.now().toISOString(),
      status: 'CREATE_COMPLETE',
      detailed: null,
      reason: null,
      token: 'token-1',
    });
  });

  it('whose resource cannot be made is rolled back, and says why', async () => {
    await create('broken');
    recorder.pass(3 * pace);
    const [last, before, failed] = await eventsOf('broken');
    expect([last?.status, before?.status, failed?.status]).toEqual([
      'ROLLBACK_COMPLETE',
      'ROLLBACK_IN_PROGRESS',
      'CREATE_FAILED',
    ]);
    expect(failed?.reason).toBe('The resource could not be made.');
  });

  it('is updated when nothing is under way, is kept, and stands as its last event says', async () => {
    await create('shop');
    await expect(update('shop')).rejects.toMatchObject({ name: 'ValidationError' });
    recorder.pass(3 * pace);
    await recorder.restart();
    await update('shop');
    recorder.pass(3 * pace);
    expect((await told('shop'))[0]).toBe('shop UPDATE_COMPLETE');
    const { Stacks } = await recorder.cloudformation.send(new DescribeStacksCommand({ StackName: 'shop' }));
    expect(Stacks).toMatchObject([{ StackName: 'shop', StackStatus: 'UPDATE_COMPLETE' }]);
  });

  it('with many resources is read in pages, each event once; a token of nobody is stale', async () => {
    await create('large', 130);
    recorder.pass(3 * pace);
    const all = await told('large');
    expect(all).toHaveLength(262);
    expect(new Set(all).size).toBe(262);
    expect(await history.events('large', 'nobody')).toBe('stale');
  });

  it('that is not there is none', async () => {
    expect(await history.events('nothing', null)).toBeNull();
    await create('shop');
    await expect(create('shop')).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });
});
