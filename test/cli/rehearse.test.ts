import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../shared/config/parse.ts';
import type { ServiceConfig } from '../../shared/config/config.ts';
import { brokenRelease, type Lived } from '../shared/rehearse/given.ts';
import { hostile } from './answers.ts';
import { page, startWorld, type World } from './harness.ts';

const written = (more = '', mode = 'act'): string => `version: 1
environments:
  production:
    services:
      shop:
        pipeline: shop
        stage: Deploy
        checks:
          node: { alarm: shop-node, level: node }
          smoke: { alarm: shop-smoke, level: deploy }
        ladder:
          - { level: node, do: { replace-instances: shop-asg }, mode: ${mode} }
          - { level: deploy, do: redeploy, mode: ${mode} }
${more}
topics: { sre: { sns: escalator-sre } }
`;

const serviceIn = (text: string): ServiceConfig => {
  const read = parseConfig(text, 'escalator.yaml');
  if ('mistakes' in read) throw new Error('the configuration of the test is wrong');
  return read.config.services[0] as ServiceConfig;
};

describe('escalator rehearse', () => {
  let world: World;
  let dir: string;
  beforeAll(async () => {
    world = await startWorld();
    dir = mkdtempSync(join(tmpdir(), 'escalator-rehearse-'));
  });
  afterAll(async () => {
    await world.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    world.answers = {};
    world.asked = [];
    world.terminal = {};
  });

  const file = (text: string, name = 'new.yaml'): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  /** A broken release that was redeployed, as it stands on the trail, with the configuration that decided it. */
  const acted = async (): Promise<Lived> => {
    const past = await brokenRelease(serviceIn(written()));
    await past.loaded(written());
    await past.timer();
    return past;
  };
  const answering = (past: Lived): void => {
    const lines = past.entries().map((entry) => `${JSON.stringify(entry)}\n`);
    world.answers['/api/span'] = { first: 0, count: lines.length, open: true };
    world.answers['/api/lines'] = (query: URLSearchParams) => {
      const from = Number(query.get('from'));
      return lines.slice(from, from + Math.min(5, Number(query.get('count')))).join('');
    };
  };

  it('ends with 0 where nothing would have been decided otherwise, read in pages', async () => {
    answering(await acted());
    const { code, out, err } = await world.run('rehearse', '--config', file(`# the same\n${written()}`));
    expect([code, out, err]).toEqual([0, ['production/shop  9 decisions the same, 0 otherwise'], []]);
    expect(world.asked.filter(({ pathname }) => pathname === '/api/lines').length).toBeGreaterThan(5);
  });

  it('shows side by side what differs, in 100 columns, and ends with 1', async () => {
    answering(await acted());
    const { code, out } = await world.run('rehearse', 'production/shop', '--config', file(written('', 'observe')));
    expect(code).toBe(1);
    expect(out[0]).toBe('production/shop  8 decisions the same, 1 otherwise, unknown from one moment on');
    expect(out[1]).toMatch(/ {2}version 9 of the ladder was decided on the time set by version 8$/);
    expect(out.slice(2, -2).map((line) => line.replace(dir, ''))).toEqual([
      '  as recorded                                     | by /new.yaml',
      '  attempt 1 starts from level deploy (deploy):…   | attempt 1 starts from level deploy (deploy):…',
      '  level deploy: about to redeploy bad             | incident production.shop.8 ended observed:',
      '                                                  | level deploy only observes',
      '  because of ladder.deploy.mode act -> observe',
    ]);
    expect(out.at(-2)).toMatch(/unknown from here: what is done differs, and the world would have been another$/);
    for (const line of out) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('answers programs with the same as JSON', async () => {
    answering(await acted());
    const { code, out } = await world.run('rehearse', '--config', file(written('', 'observe')), '--json');
    expect(code).toBe(1);
    const { ladders, gone } = JSON.parse(out.join('')) as { ladders: { lines: { type: string }[] }[]; gone: string[] };
    expect(ladders).toMatchObject([{ ladder: 'production/shop', same: 8, differs: 1, unknown: 1 }]);
    expect(ladders[0]?.lines.map(({ type }) => type)).toEqual(['differs', 'unknown']);
    expect(gone).toEqual([]);
  });

  it('tells every decision of one incident, decided again by what decided it then', async () => {
    const past = await acted();
    answering(past);
    world.answers['/api/incidents/production.shop.8'] = { openedAt: past.now(), closedAt: null };
    const { code, out } = await world.run('rehearse', 'production.shop.8');
    expect(code).toBe(0);
    expect(out[0]).toBe('production/shop  2 decisions the same, 0 otherwise');
    expect(out.join('\n')).toContain('level deploy: about to redeploy bad');
    const other = await world.run('rehearse', 'production.shop.8', '--config', file(written('', 'observe')));
    expect([other.code, other.out[0]]).toEqual([
      1,
      'production/shop  1 decision the same, 1 otherwise, unknown from one moment on',
    ]);
  });

  it('asks for what ladders decided before, where only a part of the past is rehearsed', async () => {
    const past = await acted();
    const all = past.entries();
    const first = all.find(({ kind }) => kind === 'incident.opened')?.seq ?? 0;
    world.answers['/api/span'] = { first: first - 1, count: all.length - first + 1, open: true };
    world.answers['/api/lines'] = all
      .slice(first - 1)
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
    world.answers['/api/entries'] = (query: URLSearchParams) =>
      page(
        all.filter((entry) => entry.subject === query.get('subject') || entry.kind === query.get('kind')).toReversed(),
      );
    const { out } = await world.run('rehearse', '--config', file(written()), '--since', '2026-11-21T13:00:05Z');
    expect(out[0]).toMatch(/^production\/shop {2}\d decisions? the same, 0 otherwise/);
    expect(world.asked.some(({ search }) => search.includes('subject=escalator%3Aladder%2Fproduction%2Fshop'))).toBe(
      true,
    );
  });

  it('reads an export instead, and asks nobody', async () => {
    const past = await acted();
    file(
      past
        .entries()
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join(''),
      'entries.jsonl',
    );
    const { code, out } = await world.run('rehearse', '--config', file(written()), '--export', dir);
    expect([code, out, world.asked]).toEqual([0, ['production/shop  9 decisions the same, 0 otherwise'], []]);
  });

  it.each(['no line of an export\n', 'null\n', '{}\n'])(
    'says of an export that is none that it is none: %j',
    async (text) => {
      file(text, 'entries.jsonl');
      const { code, err } = await world.run('rehearse', '--config', file(written()), '--export', dir);
      expect([code, err[0]]).toEqual([1, expect.stringMatching(/^ESC-006 .* cannot be read as an export: /)]);
    },
  );

  it('says which file is wanted where the trail has no text of what decided', async () => {
    const past = await brokenRelease(serviceIn(written()));
    answering(past);
    const { code, err } = await world.run('rehearse', '--config', file(written()));
    expect([code, err[0]]).toEqual([
      2,
      'ESC-040 version 1 of production/shop was decided by configuration recorded, whose text is not on the trail; ' +
        'give the file as it was then by --was FILE',
    ]);
  });

  it('tells of a ladder that is new, and names one that would be gone', async () => {
    answering(await acted());
    const { code, out } = await world.run('rehearse', '--config', file(written().replace('shop:', 'store:')));
    expect(code).toBe(1);
    expect(out[0]).toMatch(/^production\/store {2}0 decisions the same, 3 otherwise/);
    expect(out.join('\n')).toContain('because of no such ladder was configured then');
    expect(out.at(-1)?.replace(dir, '')).toBe(
      'production/shop  has no ladder in /new.yaml: what it decided is left out',
    );
  });

  it('lets nothing that somebody wrote act on the terminal', async () => {
    const past = await brokenRelease(serviceIn(written()), hostile);
    await past.loaded(written());
    await past.timer();
    answering(past);
    const { out } = await world.run(
      'rehearse',
      '--config',
      file(written().replace('pipeline: shop', 'pipeline: other')),
    );
    expect(out.some((line) => line.includes('evil'))).toBe(true);
    for (const character of ['\u0007', '\u001b', '\u202e']) expect(out.join('')).not.toContain(character);
  });

  it.each([
    [[], 'ESC-007 --config FILE is missing; name the configuration to rehearse'],
    [['production/none', '--config', 'FILE'], 'ESC-011 there is no ladder "production/none"; such as production/shop'],
    [['--config', '/nowhere'], /^ESC-006 /],
    [['--config', 'BAD'], /wrong.yaml:1:1 .*a configuration/],
  ])('refuses %j', async (args, said) => {
    answering(await acted());
    const words = args.map((word) =>
      word === 'FILE' ? file(written()) : word === 'BAD' ? file('', 'wrong.yaml') : word,
    );
    const { code, err } = await world.run('rehearse', ...words);
    expect(code).toBeGreaterThan(0);
    expect(err[0]).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
  });
});
