import { CodePipelineClient, ListPipelineExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  awsOf,
  brokenServer,
  cloneOf,
  escalator,
  incidentAfter,
  type Product,
  shopProcesses,
  startProduct,
  temporary,
  untilGood,
} from '../harness/product.ts';
import { quickConfig, shopService } from '../harness/quick.ts';

/** When the fix comes; the later one in the long runs only. */
const moments = Number(process.env['ESCALATOR_RUNS'] ?? 1) > 1 ? ['quiescing', 'verifying'] : ['quiescing'];

/** One running product and what happens to it in the middle of its incidents. */
describe('in the middle of an incident', { timeout: 180_000 }, () => {
  const place = temporary();
  const data = join(place.dir, 'data');
  let product: Product;
  let clone: Awaited<ReturnType<typeof cloneOf>>;
  let goodServer: string;
  let since: string;

  beforeAll(async () => {
    product = await startProduct(data, [
      '--config',
      quickConfig(place.dir, { shop: shopService({ quiescence: '3s' }) }),
    ]);
    clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    goodServer = await clone.read('server.js');
  });
  beforeEach(async () => {
    await untilGood(product);
    since = new Date().toISOString();
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const served = async (): Promise<string> => {
    const answer = await fetch(new URL('/health', product.ready.services.shop));
    return answer.status === 200 ? ((await answer.json()) as { commit: string }).commit : `status ${answer.status}`;
  };
  const is = (status: string) => incidentAfter(product, since, (incident) => incident.status === status);
  const storyOf = async ({ id }: Answer): Promise<Answer[]> => (await product.get(`/api/incidents/${id}`)).story;
  const breakIt = () => clone.push('answer 500', { 'server.js': brokenServer });

  it.each(moments)('the fix is pushed while it is %s: the fix goes through, and stays', async (status) => {
    await breakIt();
    await is(status);
    const fix = await clone.push('the fix', { 'server.js': goodServer });
    const incident = await incidentAfter(product, since);
    expect(['converged', 'self-healed']).toContain(incident.status);
    await product.until('the fix is served', async () => (await served()) === fix);
    const change = await product.until('the fix is live', async () => {
      const answer = await product.get(`/api/changes/${fix}`);
      return answer.status === 'live' ? answer : null;
    });
    expect(change.author).toBe('Ada Lovelace');
    const asked = new ListPipelineExecutionsCommand({ pipelineName: 'shop' });
    const { pipelineExecutionSummaries = [] } = await new CodePipelineClient(awsOf(product)).send(asked);
    // Where its checks are late to pass the fix may be put there again; that is a rollback, to itself.
    const own = pipelineExecutionSummaries.filter(
      ({ executionType, sourceRevisions = [] }) =>
        executionType !== 'ROLLBACK' && sourceRevisions.some(({ revisionId }) => revisionId === fix),
    );
    expect(own.map((execution) => execution.status)).toEqual(['Succeeded']);
  });

  it('the node goes too: it is one incident, of the most drastic level; then the release is gone back from', async () => {
    const bad = await breakIt();
    await product.until('the broken release serves', async () => (await served()) === 'status 500');
    for (const pid of shopProcesses(data)) process.kill(pid, 'SIGKILL');
    const incident = await incidentAfter(product, since);
    expect([incident.status, incident.reason]).toEqual(['converged', 'all checks passed 3 times in a row']);
    expect(incident.failing.toSorted()).toEqual(['node', 'smoke']);
    const story = await storyOf(incident);
    expect(story.find(({ kind }) => kind === 'attempt.started').detail.levels).toEqual(['node', 'deploy']);
    expect(incident.steps.map(({ level }: Answer) => level).slice(0, 2)).toEqual(['node', 'deploy']);
    expect(await served()).not.toMatch(/^status/);
    const { items } = await product.get('/api/releases');
    expect(items.find(({ commit }: Answer) => commit === bad).status).toBe('quarantined');
    const { items: incidents } = await product.get('/api/incidents');
    expect(incidents.filter(({ openedAt }: Answer) => openedAt > since)).toHaveLength(1);
  });

  it('a person claims it: nothing more is done until their claim is over, and then it goes on', async () => {
    await breakIt();
    await is('quiescing');
    const said = await escalator(product, 'claim', 'production/shop', '--for', '5s', '--by', 'Ben', '--why', 'mine');
    expect(said).toContain('Ben');
    const held = await is('held');
    expect(held.reason).toMatch(/^claimed by Ben until .*: mine$/);
    const incident = await incidentAfter(product, since);
    expect([incident.status, incident.reason]).toEqual(['converged', 'all checks passed 3 times in a row']);
    const story = await storyOf(incident);
    const claimed = story.findIndex(({ kind }) => kind === 'ladder.stopped');
    const resumed = story.findIndex(({ kind }) => kind === 'ladder.resumed');
    expect(story[resumed]).toMatchObject({ reason: null, detail: { why: 'the claim of Ben is over' } });
    expect(story.slice(claimed, resumed).map(({ kind }) => kind)).not.toContain('step.intended');
    expect(story.slice(resumed).map(({ kind }) => kind)).toContain('step.claimed');
  });
});
