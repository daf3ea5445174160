import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { filesUnder, readText } from '../../cli/events/files.ts';
import { maxBytes, parcelsIn } from '../../cli/events/parcels.ts';

const event = (more: object = {}) => ({
  version: '0',
  id: 'b6c0ffee-0000-4000-8000-000000000001',
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  account: '000000000000',
  time: '2026-11-21T04:05:06Z',
  region: 'us-east-1',
  resources: ['arn:aws:ecr:us-east-1:000000000000:repository/shop'],
  detail: { 'action-type': 'PUSH' },
  ...more,
});

describe('a file of recorded events', () => {
  it('in EventBridge’s own form goes in by the bus, with its time and resources', () => {
    expect(parcelsIn(JSON.stringify(event()))).toMatchObject([
      {
        by: 'bus',
        entry: {
          Source: 'aws.ecr',
          DetailType: 'ECR Image Action',
          Detail: '{"action-type":"PUSH"}',
          Time: new Date('2026-11-21T04:05:06Z'),
          Resources: ['arn:aws:ecr:us-east-1:000000000000:repository/shop'],
        },
      },
    ]);
  });

  it('is a list of events where it is a JSON list', () => {
    const parcels = parcelsIn(JSON.stringify([event(), { odd: true }, event()]));
    expect(parcels.map(({ by }) => by)).toEqual(['bus', 'queue', 'bus']);
  });

  it.each([
    ['no JSON', '{"source": "aws.'],
    ['no object', '"text"'],
    ['no source', JSON.stringify(event({ source: undefined }))],
    ['an empty detail-type', JSON.stringify(event({ 'detail-type': '' }))],
    ['a detail that is no object', JSON.stringify(event({ detail: 'text' }))],
    ['resources that are no texts', JSON.stringify(event({ resources: [1] }))],
    ['no time, which would be ours and another each time', JSON.stringify(event({ time: undefined }))],
    ['a time that is none', JSON.stringify(event({ time: 'soon' }))],
  ])('with %s goes in as it is', (_, text) => expect(parcelsIn(text)).toMatchObject([{ by: 'queue', body: text }]));

  it.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['[]', 'it is an empty list'],
  ])('%j is refused with the reason', (text, reason) => expect(parcelsIn(text)).toEqual([{ by: 'none', reason }]));

  it('is refused where AWS would refuse its size, and not a byte before', () => {
    const sized = (bytes: number): string => {
      const fill = (length: number): string =>
        JSON.stringify(event({ resources: [], detail: { fill: 'x'.repeat(length) } }));
      const [bare] = parcelsIn(fill(0));
      return fill(bytes - (bare?.by === 'bus' ? bare.bytes : 0));
    };
    expect(parcelsIn(sized(maxBytes - 1))).toMatchObject([{ by: 'bus', bytes: maxBytes - 1 }]);
    expect(parcelsIn(sized(maxBytes))).toMatchObject([
      { by: 'none', reason: expect.stringContaining('1048576 bytes') },
    ]);
    expect(parcelsIn('x'.repeat(maxBytes))).toMatchObject([{ by: 'queue' }]);
    expect(parcelsIn('x'.repeat(maxBytes + 1))).toMatchObject([{ by: 'none' }]);
  });
});

describe('the files that are named', () => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-files-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  beforeEach(() => {
    mkdirSync(join(dir, 'sub'), { recursive: true });
    for (const name of ['b.json', 'a.txt', '.hidden', 'sub/c.json']) writeFileSync(join(dir, name), '{}');
    rmSync(join(dir, 'circle'), { force: true });
    symlinkSync(dir, join(dir, 'circle'));
  });
  const stdin = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('{"a"');
    yield Buffer.from(':1}');
  };

  it('are those of a directory in order, all the way down, hidden ones left out; and what is named itself', () => {
    const files = filesUnder([dir, join(dir, '.hidden'), '-']);
    expect(files).toEqual([...['a.txt', 'b.json', 'sub/c.json', '.hidden'].map((name) => join(dir, name)), '-']);
  });

  it('are read as text, - from standard input', async () => {
    expect(await readText('-', stdin)).toBe('{"a":1}');
    expect(await readText(join(dir, 'a.txt'), stdin)).toBe('{}');
  });

  it('are refused with the reason when they cannot be read, or are no text', async () => {
    writeFileSync(join(dir, 'binary'), Buffer.from([0xff, 0xfe]));
    await expect(readText(join(dir, 'none'), stdin)).rejects.toMatchObject({ code: 'ESC-006', message: /ENOENT/ });
    await expect(readText(join(dir, 'binary'), stdin)).rejects.toMatchObject({
      code: 'ESC-006',
      message: 'it is not UTF-8 text',
    });
  });
});
