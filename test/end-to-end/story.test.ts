import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  RetryStageExecutionCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsOf, type Answer, run, cloneOf, type Product, startProduct, temporary } from '../harness/product.ts';

/** How the README breaks the shop: the very line that it prints. */
const readmeBreak = (): string => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  return /^\$ (sed .*server\.js)$/m.exec(readme)?.[1] ?? 'false';
};

/** The story of the README, told by a real git client and the real product. Each part builds on the one before. */
describe('a real push', { timeout: 120_000 }, () => {
  const place = temporary();
  let product: Product;
  let clone: Awaited<ReturnType<typeof cloneOf>>;
  let goodServer: string;
  let bad: string;

  beforeAll(async () => {
    product = await startProduct(join(place.dir, 'data'));
    clone = await cloneOf(product.ready.git, join(place.dir, 'shop'));
    goodServer = await clone.read('server.js');
  });
  afterAll(async () => {
    await product?.stop();
    place.remove();
  });

  const served = async (): Promise<string> => {
    const answer = await fetch(new URL('/health', product.ready.services.shop));
    return answer.status === 200 ? ((await answer.json()) as { commit: string }).commit : `status ${answer.status}`;
  };
  const live = (commit: string) => product.until(`${commit} is served`, async () => (await served()) === commit);
  const checksPass = () =>
    product.until('the last good release', async () =>
      (await product.get('/api/releases')).items.find((item: Answer) => item.lastGood && item.status === 'running'),
    );
  const change = (commit: string, status: string) =>
    product.until(`${commit} is ${status}`, async () => {
      const answer = await product.get(`/api/changes/${commit}`);
      return answer.status === status && answer.author !== null ? answer : null;
    });
  const converged = (since: string) =>
    product.until('converged', async () =>
      (await product.get('/api/incidents')).items.find(
        (item: Answer) => item.openedAt > since && item.status === 'converged',
      ),
    );

  it('is deployed, and its checks pass', async () => {
    const good = await clone.push('a good change', { 'NEWS.md': 'good news\n' });
    await live(good);
    await checksPass();
    expect(await change(good, 'live')).toMatchObject({ commit: good, author: 'Ada Lovelace' });
  });

  it('of a broken release is redeployed, then rolled back for cause; the service answers with the good version', async () => {
    const good = await served();
    const since = new Date().toISOString();
    await run('sh', ['-c', readmeBreak()], { cwd: clone.dir });
    bad = await clone.push('answer 500', {});
    const incident = await converged(since);
    expect(await served()).toBe(good);
    expect(incident.attempts).toBe(2);
    expect(incident.steps.map((step: Answer) => [step.level, step.outcome])).toEqual([
      ['deploy', 'done'],
      ['deploy', 'done'],
    ]);
    const { items } = await product.get('/api/releases');
    expect(items.find((item: Answer) => item.commit === bad).status).toBe('quarantined');
  });

  it('is on record in order, and each act has an intent and a claim before it', async () => {
    const [incident] = (await product.get('/api/incidents')).items;
    const { story } = await product.get(`/api/incidents/${encodeURIComponent(incident.id)}`);
    const seqs = story.map((entry: Answer) => entry.seq);
    expect(seqs).toEqual(seqs.toSorted((a: number, b: number) => a - b));
    const results = story.filter((entry: Answer) => entry.kind === 'step.result');
    expect(results.length).toBe(2);
    for (const result of results) {
      const before = story.filter((entry: Answer) => entry.seq < result.seq);
      const { actKey } = result.detail;
      expect(before.some((entry: Answer) => entry.kind === 'step.claimed' && entry.detail.actKey === actKey)).toBe(
        true,
      );
      expect(
        before.some((entry: Answer) => entry.kind === 'step.intended' && entry.detail.intent.actKey === actKey),
      ).toBe(true);
    }
    for (const kind of ['incident.opened', 'attempt.started', 'release.quarantined', 'incident.closed', 'alert.raised'])
      expect(story.map((entry: Answer) => entry.kind)).toContain(kind);
  });

  it('was two messages: what fails and what is done about it, with commit and author; and how it ended', async () => {
    const alerts = await product.until('the last alert is sent', async () => {
      const { items } = await product.get('/api/alerts');
      return items.some((item: Answer) => /converged/.test(item.headline) && item.sent) ? items : null;
    });
    expect(alerts.map((alert: Answer) => alert.why)).toEqual(['over', 'first']);
    const [over, first] = alerts;
    expect(first.headline).toMatch(/about to|every step is taken|verifying/);
    expect(first.failing).toEqual(['smoke']);
    expect(over.done.join('\n')).toMatch(/redeploy .*\n.*roll back to/);
    for (const alert of alerts) expect(alert).toMatchObject({ change: { commit: bad }, author: 'Ada Lovelace' });
  });

  it('of the quarantined release again is refused with the reason, by a retry and by a new run', async () => {
    const client = new CodePipelineClient(awsOf(product));
    const good = await served();
    const refused = (pipelineExecutionId: string | undefined) =>
      product.until('the refusal', async () => {
        const { actionExecutionDetails = [] } = await client.send(
          new ListActionExecutionsCommand({ pipelineName: 'shop', filter: { pipelineExecutionId } }),
        );
        return actionExecutionDetails.find((action) => /quarantine/.test(JSON.stringify(action.output)));
      });
    const { items } = await product.get('/api/releases');
    const { execution } = items.find((item: Answer) => item.commit === bad && !item.byRollback);
    await client.send(
      new RetryStageExecutionCommand({
        pipelineName: 'shop',
        stageName: 'Smoke',
        pipelineExecutionId: execution,
        retryMode: 'FAILED_ACTIONS',
      }),
    );
    expect(await refused(execution)).toMatchObject({ stageName: 'Smoke', status: 'Failed' });
    const { pipelineExecutionId } = await client.send(
      new StartPipelineExecutionCommand({
        name: 'shop',
        sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: bad }],
      }),
    );
    expect(await refused(pipelineExecutionId)).toMatchObject({ stageName: 'Deploy', status: 'Failed' });
    expect(await served()).toBe(good);
  });

  it('of something unrelated on top of the bad commit goes through with a warning, fails, and is rolled back first', async () => {
    const good = await served();
    const since = new Date().toISOString();
    const unrelated = await clone.push('unrelated', { 'NEWS.md': 'more news\n' });
    const incident = await converged(since);
    expect(incident.attempts).toBe(1);
    expect(incident.steps).toHaveLength(1);
    expect(await served()).toBe(good);
    const { items } = await product.get('/api/entries?kind=alert.raised&limit=50');
    const warning = items
      .map(({ detail }: Answer) => detail.alert)
      .find((alert: Answer) => alert.change?.commit === unrelated && /contains/.test(alert.headline));
    expect(warning.next).toContain(`git revert ${bad}`);
  });

  it('of the fix goes live', async () => {
    const fix = await clone.push('the fix', { 'server.js': goodServer });
    await live(fix);
    await checksPass();
    await change(fix, 'live');
  });
});
