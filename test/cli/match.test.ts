import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Said, startWorld, type World } from './harness.ts';

let world: World;
const dir = mkdtempSync(join(tmpdir(), 'escalator-match-'));
beforeAll(async () => void (world = await startWorld()));
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await world.close();
});

const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

const batch = (text: string): Promise<Said> => world.run('match', '--batch', file('batch.json', text));

describe('match --batch', () => {
  it('answers a list by a list: true, false or "invalid"', async () => {
    const said = await batch(
      JSON.stringify([
        { rule: { source: [{ prefix: 'aws.' }] }, event: { source: 'aws.ec2' } },
        { rule: { source: [{ prefix: 'aws.' }] }, event: { source: 'my.own' } },
        { rule: { source: 'aws.ec2' }, event: { source: 'aws.ec2' } },
      ]),
    );
    expect(said).toEqual({ code: 0, out: ['[true,false,"invalid"]'], err: [] });
  });

  it('answers an empty list by an empty list', async () => expect((await batch('[]')).out).toEqual(['[]']));

  it('reads standard input where the file is -', async () => {
    world.terminal = {
      stdin: async function* () {
        yield Buffer.from('[{"rule":{"a":[1]},"event":{"a":1.0}}]');
      },
    };
    expect((await world.run('match', '--batch', '-')).out).toEqual(['[true]']);
    world.terminal = {};
  });

  it('takes patterns and events as JSON text as well', async () => {
    const said = await batch(
      JSON.stringify([
        { rule: '{"a":[1]}', event: '{"a":1}' },
        { rule: 'text', event: {} },
      ]),
    );
    expect(said.out).toEqual(['[true,"invalid"]']);
  });

  it('compares numbers that no double holds by their text, as they are written', async () => {
    const number = '12345678901234567890';
    const asked = (rule: string, event: string) => `{"rule":{"a":[${rule}]},"event":{"a":${event}}}`;
    const said = await batch(
      `[${asked(number, number)},${asked(number, `${number.slice(0, -1)}1`)},${asked('{"numeric":[">",1]}', number)}]`,
    );
    expect(said.out).toEqual(['[true,false,false]']);
  });

  it('finds nothing matched by an event that is no object', async () => {
    const said = await batch(
      JSON.stringify([1, null, [], 'x'].map((event) => ({ rule: { a: [{ exists: false }] }, event }))),
    );
    expect(said.out).toEqual(['[false,false,false,false]']);
  });

  it('survives what is nested beyond measure', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const rule = `${'{"a":'.repeat(5000)}[1]${'}'.repeat(5000)}`;
    expect((await batch(`[{"rule":{"a":[1]},"event":{"a":${deep}}},{"rule":${rule},"event":{}}]`)).out).toEqual([
      '[false,"invalid"]',
    ]);
  });

  it.each([
    ['no JSON', '[', /^ESC-035 .*batch\.json is no JSON: /],
    ['no list', '{}', /^ESC-035 .*batch\.json holds an empty mapping; wanted: a JSON list/],
    ['an item without an event', '[{"rule":{},"event":{}},{"rule":{}}]', /^ESC-035 item 2 is a mapping with "rule"/],
    ['an item that is none', '[5]', /^ESC-035 item 1 is 5; wanted/],
  ])('refuses what is %s, in one line, with exit code 2', async (_title, text, line) => {
    const { code, out, err } = await batch(text);
    expect({ code, out, lines: err.length }).toEqual({ code: 2, out: [], lines: 1 });
    expect(err[0]).toMatch(line);
  });

  it('says which file is not there', async () => {
    const { code, err } = await world.run('match', '--batch', join(dir, 'none.json'));
    expect(code).toBe(2);
    expect(err[0]).toMatch(/^ESC-035 .*none\.json cannot be read: /);
  });
});

describe('match PATTERN EVENT', () => {
  const event = file('event.json', '{"source":"aws.ec2","detail":{"state":"running"}}');
  const tried = (pattern: string): Promise<Said> => world.run('match', file('pattern.json', pattern), event);

  it('says yes with exit code 0, and no with 1', async () => {
    expect(await tried('{"source":["aws.ec2"]}')).toEqual({ code: 0, out: ['yes'], err: [] });
    expect(await tried('{"source":["aws.s3"]}')).toEqual({ code: 1, out: ['no'], err: [] });
  });

  it('takes a pattern as escalator.yaml has it', async () =>
    expect((await tried('source: [aws.ec2]\ndetail: { state: [{ prefix: run }] }\n')).out).toEqual(['yes']));

  it('tells every mistake with its file, line and column, and says neither, with exit code 2', async () => {
    const { code, out, err } = await tried('{\n  "source": "aws.ec2",\n  "detail": { "n": [1, { "regex": "x" }] }\n}');
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err).toEqual([
      expect.stringMatching(/pattern\.json:2:13 {2}source {2}found "aws.ec2", wanted .*write \["aws.ec2"\]/),
      expect.stringMatching(
        /pattern\.json:3:24 {2}detail\.n\.1 {2}found a mapping with "regex", wanted .*unknown operator/,
      ),
    ]);
  });

  it('tells of a name that stands twice, of which EventBridge would heed one or both', async () => {
    const { code, err } = await tried('{"a":[1],\n"a":[2]}');
    expect({ code, lines: err.length }).toEqual({ code: 2, lines: 1 });
    expect(err[0]).toMatch(/pattern\.json:2:1 /);
  });

  it('remarks on a field that is asked twice, and still says what EventBridge would', async () => {
    const { code, out, err } = await tried('{"source":["x"],"$or":[{"source":["aws.ec2"]},{"b":[1]}]}');
    expect({ code, out }).toEqual({ code: 0, out: ['yes'] });
    expect(err[0]).toMatch(/pattern\.json:1:\d+ {2}\$or\.0\.source .*what is written last counts alone/);
  });

  it.each([
    ['only one file', ['pattern.json'], /^ESC-007 match takes a file with a pattern and one with an event/],
    ['nothing', [], /^ESC-007 match takes/],
    [
      'an event that is none',
      ['pattern.json', 'list.json'],
      /^ESC-035 .*list\.json holds an empty list; wanted: an event/,
    ],
  ])('refuses %s', async (_title, names, line) => {
    file('pattern.json', '{"a":[1]}');
    file('list.json', '[]');
    const { code, err } = await world.run('match', ...names.map((name) => join(dir, name)));
    expect(code).toBe(2);
    expect(err[0]).toMatch(line);
  });
});
