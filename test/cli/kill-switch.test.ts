import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world.close());

const place = { parameter: '/escalator/acting', region: 'eu-west-1', endpoint: null };
const shown = async (answer: object): Promise<string[]> => {
  world.answers = { '/api/kill-switch': { ...place, ...answer } };
  const { code, out } = await world.run('kill-switch');
  expect(code).toBe(0);
  return out;
};

describe('escalator kill-switch', () => {
  it('says what the switch says, what that means, and how it is thrown', async () => {
    const put = 'aws --region eu-west-1 ssm put-parameter --name /escalator/acting --overwrite --value';
    expect(await shown({ text: 'allow', except: [] })).toEqual([
      '/escalator/acting  "allow"',
      '  everything may act',
      '',
      `stop everything:  ${put} stop`,
      `stop some of it:  ${put} 'allow except production/shop redeploy'`,
      `let it act again: ${put} allow`,
    ]);
  });

  it('says what may not act, and where it is on one machine', async () => {
    const endpoint = 'http://127.0.0.1:4566';
    const out = await shown({ endpoint, text: 'allow except redeploy', except: ['redeploy'] });
    expect(out[1]).toBe('  everything may act except: redeploy');
    expect(out[3]).toContain(`aws --endpoint-url ${endpoint} --region eu-west-1 ssm put-parameter`);
  });

  it('says that nothing acts and why, and lets no text act on the terminal', async () => {
    const out = await shown({ text: 'allow \u001b[2J', thrown: 'the kill switch says "allow \u001b[2J"' });
    expect(out.slice(0, 2).join('\n')).not.toContain('\u001b');
    expect(out[1]).toContain('nothing acts: the kill switch says');
    expect((await shown({ text: null, thrown: 'the kill switch cannot be read' }))[0]).toContain('cannot be read');
  });
});
