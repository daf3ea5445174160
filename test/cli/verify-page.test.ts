import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Summary, verifyPage } from '../../cli/export/page.ts';
import { browserEngine } from '../../cli/export/page/engine.ts';
import { apartFromKey, fileSource, isPack, type PageFile, pickedFiles } from '../../cli/export/page/files.ts';
import { nodeEngine } from '../../cli/verify/engine.ts';
import { verifyDirectory } from '../../cli/verify/run.ts';
import { verdicts } from '../../shared/verify/words.ts';
import type { Report } from '../../shared/verify/report.ts';
import { verifyPack } from '../../shared/verify/verify.ts';
import { type Files, makePack, type Pack, planOf, writePack } from '../verify/make-pack.ts';
import { mutate, type Mutation } from '../verify/mutate.ts';
import { randomFrom } from '../verify/random.ts';
import { summaryOf, tableOf } from './verify-page-summary.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const partOf = (page: string, name: 'script' | 'style'): string =>
  page.slice(page.indexOf(`<${name}>`) + name.length + 2, page.lastIndexOf(`</${name}>`));

const policyOf = (page: string): string[] =>
  (/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '').split('; ');

const bytes = (text: string): number => Buffer.byteLength(text);

const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'&\u202eevil\u0000';

describe('the page', () => {
  let page = '';
  beforeAll(async () => {
    page = await verifyPage(summaryOf());
  });

  it('allows its own script and its own style, by their digests, and nothing else', () => {
    expect(policyOf(page).toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      `script-src ${hashOf(partOf(page, 'script'))}`,
      `style-src ${hashOf(partOf(page, 'style'))}`,
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('has one script and one style, and names no other file or place', () => {
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page.match(/<(?:link|img|iframe|object|embed|base)\b/g)).toBeNull();
    expect(page.match(/\s(?:src|action|on\w+|style)=/g)).toBeNull();
    expect(page.match(/\shref="[^#]/g)).toBeNull();
  });

  it('is under 150 KB, also with tables that are full of long text', async () => {
    const rows = Array.from({ length: 1_000 }, () => Array.from({ length: 20 }, () => hostile.repeat(500)));
    const columns = Array.from({ length: 20 }, (_, index) => `column ${index}`);
    const full = tableOf(columns, rows);
    expect(bytes(await verifyPage(summaryOf({ changes: full, exceptions: full })))).toBeLessThan(150_000);
    expect(bytes(page)).toBeLessThan(80_000);
  });

  it('shows the first 200 rows, and says how many there are', async () => {
    const rows = Array.from({ length: 201 }, (_, index) => [`row ${index}.`]);
    const many = await verifyPage(summaryOf({ changes: tableOf(['what'], rows) }));
    expect(many).toContain('<td>row 199.</td>');
    expect(many).not.toContain('<td>row 200.</td>');
    expect(many).toContain('the first 200 of 201');
  });

  it('says so where there are no rows', async () => {
    expect(await verifyPage(summaryOf({ exceptions: tableOf(['what'], []) }))).toContain('<p class="none">None.</p>');
  });

  it.each(['origin', 'by', 'at', 'asked', 'total', 'column', 'cell'])(
    'makes nothing of markup in: %s',
    async (where) => {
      const over: { [where: string]: Partial<Summary> } = {
        origin: { origin: hostile },
        by: { by: hostile },
        at: { at: hostile },
        asked: { asked: { [hostile]: hostile } },
        total: { totals: [{ label: hostile, count: 1 }] },
        column: { changes: tableOf([hostile], [['x']]) },
        cell: { exceptions: tableOf(['x'], [[hostile]]) },
      };
      const other = await verifyPage(summaryOf(over[where]));
      expect(other).toContain('&#60;script&#62;alert(1)&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;');
      expect(other.match(/<script/g)).toHaveLength(1);
      expect(other).not.toContain('<img');
      for (const control of ['\u0000', '\u202e']) expect(other).not.toContain(control);
    },
  );

  it('knows the words of every verdict that the command line has', () => {
    for (const words of Object.values(verdicts)) expect(partOf(page, 'script')).toContain(words);
  });

  it('tells where the key must not come from, and that the page itself proves nothing', () => {
    expect(page).toContain('It must come from somewhere other than this folder');
    expect(page).toContain('That this page is honest.');
  });
});

describe('the engine of browsers', () => {
  const random = randomFrom(7);
  const some = Uint8Array.from({ length: 3_000 }, () => random.below(256));

  it('hashes leaves of every length around a block as Node does', () => {
    for (let length = 0; length < 200; length += 1) {
      const [one, other] = [some.slice(), some.slice()];
      expect(browserEngine.leaf(one, 5, 5 + length)).toBe(nodeEngine.leaf(other, 5, 5 + length));
    }
  });

  it('hashes nodes and files as Node does', () => {
    const [left, right] = [nodeEngine.hex(some.slice(0, 32)), nodeEngine.hex(some.slice(32, 64))];
    expect(browserEngine.node(left, right)).toBe(nodeEngine.node(left, right));
    expect(browserEngine.node(right, left)).toBe(nodeEngine.node(right, left));
    const [one, other] = [browserEngine.digest(), nodeEngine.digest()];
    for (const digest of [one, other]) for (const at of [0, 1, 70, 1_000]) digest.update(some.subarray(at, 2 * at + 1));
    expect(one.hex()).toBe(other.hex());
    expect(browserEngine.hex(some)).toBe(nodeEngine.hex(some));
  });

  it('finds text and bytes where Node does, at the edges too', () => {
    const text = 'aab,"seq":1,"seq":12,aab';
    const [one, other] = [browserEngine.memory(text.length), nodeEngine.memory(text.length)];
    for (const memory of [one, other]) memory.set(Buffer.from(text));
    for (const sought of ['aab', ',"seq":', '2', 'zz', 'a', text])
      for (let at = -8; at <= text.length; at += 1)
        expect([sought, at, browserEngine.findLast(one, sought, at)]).toEqual([
          sought,
          at,
          nodeEngine.findLast(other, sought, at),
        ]);
    for (let at = 0; at <= text.length; at += 1)
      expect(browserEngine.nextByte(one, 0x2c, at)).toBe(nodeEngine.nextByte(other, 0x2c, at));
  });
});

const pageFiles = (files: Files): PageFile[] =>
  [...files].flatMap(([path, file]) => (Buffer.isBuffer(file) ? [{ path, file: new File([file], path) }] : []));

const isWhole = (files: Files): boolean => [...files.values()].every((file) => Buffer.isBuffer(file));

/** As the page does it. */
const onPage = async (all: PageFile[], key: string, kept?: string): Promise<Report> => {
  const { files, inside } = await apartFromKey(all, key);
  return verifyPack(fileSource(files), browserEngine, { key, keyInside: inside, kept: kept ?? null });
};

const sorted = (report: Report): Report => ({ ...report, problems: report.problems.toSorted() });

describe('the verifier of the page', () => {
  const place = mkdtempSync(join(tmpdir(), 'verify-page-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  const onCommandLine = (
    name: string,
    { files, keyInside, key, kept }: Partial<Mutation>,
    pack: Pack,
  ): Promise<Report> => {
    const dir = join(place, name);
    writePack(files ?? pack.files, dir);
    const keyFile = keyInside === undefined ? `${dir}.key` : join(dir, keyInside);
    if (keyInside === undefined) writeFileSync(keyFile, key ?? pack.signer.keyFile);
    if (kept !== undefined) writeFileSync(`${dir}.kept`, kept);
    return verifyDirectory({ dir, key: keyFile, checkpoint: kept === undefined ? undefined : `${dir}.kept` });
  };

  it('reports of good packs what the command line reports', async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const pack = makePack(planOf(seed));
      const report = await onPage(pageFiles(pack.files), pack.signer.keyFile);
      expect(report).toEqual(await onCommandLine(`good-${seed}`, {}, pack));
      expect([seed, report.exit]).toEqual([seed, 0]);
    }
  });

  it('reports of bad packs what the command line reports', async () => {
    const exits = new Set<number>();
    for (let seed = 0; seed < 200; seed += 1) {
      const pack = makePack(planOf(seed % 20));
      const mutation = mutate(pack, seed);
      if (!isWhole(mutation.files)) continue; // a link, or a hole: no browser shows either
      const inside = mutation.files.get(mutation.keyInside ?? '');
      const key = Buffer.isBuffer(inside) ? inside.toString() : (mutation.key ?? pack.signer.keyFile);
      const report = await onPage(pageFiles(mutation.files), key, mutation.kept);
      const wanted = await onCommandLine(`bad-${seed}`, mutation, pack);
      expect([seed, mutation.name, sorted(report)]).toEqual([seed, mutation.name, sorted(wanted)]);
      exits.add(report.exit);
    }
    expect([...exits].toSorted()).toEqual([2, 3, 4]);
  });

  it('exits 4 where the key came along in the folder, whatever its name there, and however it was given', async () => {
    const pack = makePack(planOf(3));
    for (const [path, text] of [
      ['key', pack.signer.keyFile],
      ['details/key.txt', `${pack.signer.keyFile.trim()}\r\n`],
    ] as const) {
      const files = new Map([...pack.files, [path, Buffer.from(text)] as const]);
      const report = await onPage(pageFiles(files), pack.signer.keyFile.trim());
      expect([report.exit, report.problems.join()]).toEqual([4, expect.stringContaining('self-consistent only')]);
    }
  });

  it('reads a file larger than it reads at once, with lines across the pieces', async () => {
    const pack = makePack({ seed: 5, size: 4_000, form: 'everything', details: 0, checkpoints: 2, later: 0 });
    const entries = pack.files.get('entries.jsonl');
    expect(Buffer.isBuffer(entries) && entries.length > 2 * 1024 * 1024).toBe(true);
    expect(await onPage(pageFiles(pack.files), pack.signer.keyFile)).toMatchObject({ exit: 0, entries: 4_000 });
  });
});

describe('what a directory picker gives', () => {
  const picked = (webkitRelativePath: string): File & { webkitRelativePath: string } =>
    Object.assign(new File(['x'], webkitRelativePath.split('/').at(-1) ?? ''), { webkitRelativePath });

  it('has paths from the folder on, which is no part of the pack', () => {
    const files = pickedFiles([picked('pack/entries.jsonl'), picked('pack/details/ab'), picked('pack/pack/leaves')]);
    expect(files.map(({ path }) => path)).toEqual(['entries.jsonl', 'details/ab', 'pack/leaves']);
  });

  it('is a pack where it has any file of one', () => {
    expect(isPack(pickedFiles([picked('a/leaves'), picked('a/x')]))).toBe(true);
    expect(isPack(pickedFiles([picked('a/pack/leaves'), picked('a/x')]))).toBe(false);
  });
});
