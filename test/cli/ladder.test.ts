import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { timeOf } from '../../cli/text.ts';
import { ladderAnswer } from '../../shared/question/ladders.ts';
import { broken, healthy, ladder, shop, wentBack, wide, type TestLadder } from '../harness/ladder.ts';
import { page, startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());
beforeEach(() => void (world.answers = {}));

const answerOf = (test: TestLadder) => ladderAnswer(test.state(), test.config, test.now(), { except: [] });

/** What is printed of one ladder, its columns one space apart. */
const shown = async (test: TestLadder): Promise<string[]> => {
  const now = new Date(test.now());
  world.terminal = { now: () => now };
  world.answers = { '/api/ladders/production/shop': answerOf(test) };
  const { code, out } = await world.run('ladder', 'show', 'production/shop');
  expect(code).toBe(0);
  return out.map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
};
const near = (test: TestLadder, ms: number): string => timeOf(new Date(ms).toISOString(), new Date(test.now()));

describe('escalator ladder show', () => {
  it('shows the levels and what each does, and every guard rail, on a ladder that never took anything in', async () => {
    const lines = await shown(ladder());
    expect(lines[0]).toBe('production/shop at-rest');
    expect(lines).toContain('node act - 1 min node replace-instances shop-asg');
    expect(lines).toContain('smoke unknown never read deploy alarm shop-smoke');
    expect(lines).toContain('runs: none is known');
    expect(lines).toContain('runs-an-hour 0 3 - - runs an hour');
    expect(lines).toContain('fresh-reading - 30 s - - the checks were just read at their source');
    for (const { name } of answerOf(ladder()).rails) expect(lines.some((line) => line.startsWith(name))).toBe(true);
  });

  it('shows an incident, what is done about it, what comes next, and when', async () => {
    const test = broken();
    test.timer();
    const lines = await shown(test);
    const at = Date.parse(test.now());
    expect(lines).toContain(`${test.state().incident?.id} climbing since ${near(test, at - 30_000)}, failing: smoke`);
    expect(lines).toContain('attempt 1: deploy');
    expect(lines).toContain('now: redeploy bad');
    expect(lines).toContain(`next: begin it (${near(test, at + 60_000)})`);
    expect(lines).toContain(
      `step-deadline 0.0 s 15 min over ${near(test, at + 900_000)} - until the outcome of a step must be known`,
    );
  });

  it('shows what a used-up budget frees at, and what is refused', async () => {
    const test = broken(healthy(shop({ budgets: { ...wide.budgets, runsPerHour: 1, rollbacksPerDay: 1 } })));
    const began = Date.parse(test.now()) + 30_000;
    wentBack(test);
    const lines = await shown(test);
    expect(lines).toContain(`runs-an-hour 1 1 ${near(test, began + 3_600_000)} - runs an hour`);
    expect(lines.find((line) => line.startsWith('refused here: bad: quarantined: check smoke'))).toBeDefined();
    expect(lines.find((line) => line.startsWith('not eligible: bad by Ada'))).toContain('quarantined');
    expect(lines.find((line) => line.startsWith('gone-back-from'))).toContain('not by itself bad');
  });

  it('shows all where none is named, and the answer itself as JSON', async () => {
    const answers = [answerOf(healthy()), { ...answerOf(ladder()), ladder: 'production/site' }];
    world.answers = { '/api/ladders': page(answers) };
    const { out } = await world.run('ladder', 'show');
    expect(out.filter((line) => line.startsWith('production/'))).toEqual([
      'production/shop  at-rest',
      'production/site  at-rest',
    ]);
    const said = await world.run('ladder', 'show', '--json');
    expect(JSON.parse(said.out.join('\n'))).toEqual(page(answers));
  });

  it('lets nothing that people wrote act on the terminal', async () => {
    const test = healthy();
    const answer = answerOf(test);
    const author = 'Eve \u001b[2J\u202e';
    world.answers = { '/api/ladders': page([{ ...answer, running: { ...answer.running, author } }]) };
    const { out } = await world.run('ladder', 'show');
    expect(out.join('')).toContain('runs: good by Eve');
    // oxlint-disable-next-line no-control-regex
    expect(out.join('')).not.toMatch(/[\u001b\u202e]/);
  });

  it.each(['/production', 'production/', 'a/b/c'])('refuses %j, which is no ladder', async (named) => {
    expect(await world.run('ladder', 'show', named)).toMatchObject({
      code: 2,
      err: [`ESC-007 ${JSON.stringify(named)} is no ladder; wanted: one such as production/shop`],
    });
  });

  it('is told of in its help', async () => {
    expect((await world.run('ladder', 'show', '--help')).out.join('\n')).toContain('as production/shop');
    expect((await world.run('ladder', 'climb')).code).toBe(2);
  });
});
