import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyPage } from '../../cli/export/page.ts';
import { reportLines } from '../../cli/verify/print.ts';
import { verifyDirectory } from '../../cli/verify/run.ts';
import { makePack, type Pack, planOf, writePack } from '../verify/make-pack.ts';
import { Browser, chromium, type Tab } from '../harness/chromium.ts';
import { summaryOf, tableOf } from './verify-page-summary.ts';

const path = chromium();
const hostile = `<script>document.title = 'owned'</script><img src=x onerror="document.title = 'owned'">\u202etext`;

describe.skipIf(path === null)(
  `verify.html in a browser${path === null ? ': skipped, there is no Chromium here' : ''}`,
  () => {
    const place = mkdtempSync(join(tmpdir(), 'verify-page-'));
    const [dir, key] = [join(place, 'pack'), join(place, 'key')];
    const page = pathToFileURL(join(dir, 'verify.html')).href;
    let [pack, browser, tab]: [Pack, Browser, Tab] = [] as never;

    beforeAll(async () => {
      pack = makePack({ ...planOf(4), size: 60, form: 'everything', details: 2, checkpoints: 2 });
      writePack(pack.files, dir);
      // A page of no pack: the digest of this one is another, and the verdict has to say so.
      const rows = [[hostile, hostile]];
      writeFileSync(join(dir, 'verify.html'), await verifyPage(summaryOf({ changes: tableOf(['a', 'b'], rows) })));
      writeFileSync(key, pack.signer.keyFile);
      browser = new Browser(path ?? '');
    }, 60_000);
    afterAll(async () => {
      await browser.close();
      rmSync(place, { recursive: true, force: true });
    });
    beforeEach(async () => {
      tab = await browser.open(page);
    });

    const chooseFolder = async (folder: string): Promise<void> => {
      await tab.choose('#folder', folder);
      await tab.until(`document.getElementById('folder-says').textContent.startsWith('${basename(folder)}: ')`);
    };
    const checked = async (): Promise<string[]> => {
      await tab.run(`document.getElementById('go').click()`);
      await tab.until(`!document.getElementById('verdict').hidden`);
      return tab.run(`[...document.querySelectorAll('#verdict-rows dt')].map((name) =>
        name.textContent.padEnd(10) + name.nextElementSibling.textContent)`);
    };
    const text = (id: string): Promise<string> => tab.run(`document.getElementById('${id}').textContent`);
    const onCommandLine = async (): Promise<string[]> => reportLines(await verifyDirectory({ dir, key }));

    it('says of the folder that was chosen what the command line says, in the same words', async () => {
      await chooseFolder(dir);
      await tab.choose('#key-file', key);
      await tab.until(`document.getElementById('key').value !== ''`);
      const lines = await checked();
      expect(lines).toEqual(await onCommandLine());
      expect(lines).toContain('problem   verify.html is not as it was exported');
      expect(await text('verdict-code')).toBe('exit code 2');
      expect(await tab.run(`document.getElementById('verdict-other').hidden`)).toBe(true);
      expect(await text('status')).toBe('Checked. Verdict: TAMPERED WITH, exit code 2');
    });

    it('says of a folder that was dropped, with a key that was pasted, that it is good', async () => {
      const good = join(place, 'good');
      writePack(pack.files, good);
      await tab.drop('#drop', good);
      await tab.until(`document.getElementById('folder-says').textContent !== ''`);
      await tab.run(`document.getElementById('key').value = ${JSON.stringify(pack.signer.keyFile)}`);
      expect(await checked()).toEqual(reportLines(await verifyDirectory({ dir: good, key })));
      expect(await text('verdict-heading')).toBe('good');
      expect(await tab.run(`document.getElementById('verdict-other').hidden`)).toBe(false); // the page is of another pack
      expect(await text('top-verdict')).toBe('The folder “good” was checked: good');
    });

    it('names the first bad entry, also to those who hear the page', async () => {
      const bad = join(place, 'bad');
      const lines = pack.entries.map(({ line }, seq) => (seq === 17 ? line.replace('arn:aws:', 'arn:bad:') : line));
      writePack(new Map(pack.files).set('entries.jsonl', Buffer.from(lines.map((line) => `${line}\n`).join(''))), bad);
      await chooseFolder(bad);
      await tab.run(`document.getElementById('key').value = ${JSON.stringify(pack.signer.keyFile)}`);
      expect(await checked()).toContain('first bad entry 17');
      expect(await text('status')).toContain('first bad: entry 17');
      expect(await tab.run(`document.getElementById('status').getAttribute('aria-live')`)).toBe('polite');
    });

    it('compares with the checkpoint that was kept', async () => {
      const kept = join(place, 'kept');
      writeFileSync(kept, pack.signer.note(pack.leaves.length, 'ab'.repeat(32)));
      await chooseFolder(dir);
      await tab.choose('#kept', kept);
      await tab.run(`document.getElementById('key').value = ${JSON.stringify(pack.signer.keyFile)}`);
      expect(await checked()).toContain('kept      other history as the checkpoint kept from last time');
    });

    it('says what is missing, and takes a verdict back when something else is chosen', async () => {
      await tab.run(`document.getElementById('go').click()`);
      expect(await text('status')).toBe('Choose the folder first.');
      await chooseFolder(dir);
      await tab.run(`document.getElementById('go').click()`);
      expect(await text('status')).toContain('Give the public key');
      await tab.run(`document.getElementById('key').value = 'no key'`);
      expect(await checked()).toContain('found     genuine: no; complete: no');
      await chooseFolder(place);
      await tab.until(`document.getElementById('verdict').hidden`);
      expect(await text('top-verdict')).toBe('Not checked yet');
      await tab.run(`document.getElementById('go').click()`);
      expect(await text('status')).toContain('has no file of a pack in it');
    });

    it('shows what people wrote as text, and runs none of it', async () => {
      expect(await tab.run('document.title')).toBe('Evidence pack: escalator/000000000000/us-east-1');
      expect(await tab.run(`document.querySelectorAll('img, script').length`)).toBe(1);
      expect(await tab.run(`document.querySelector('#changes ~ .scroll td').textContent`)).toBe(
        hostile.replace('\u202e', ''),
      );
    });

    it('cannot reach the network, even where a script of its own would try', async () => {
      const asked: string[] = [];
      const server = await new Promise<Server>((resolve) => {
        const listening: Server = createServer((request, response) => {
          asked.push(request.url ?? '');
          response.end();
        }).listen(0, '127.0.0.1', () => resolve(listening));
      });
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      // A promise for each way out that is refused: one that is not refused is waited for until the test is too late.
      const refusals = ['connect-src', 'img-src', 'frame-src', 'style-src-elem', 'script-src-elem', 'form-action'];
      await tab.run(`(async () => {
        const refused = (directive) => new Promise((done) => document.addEventListener('securitypolicyviolation',
          (event) => { if (event.effectiveDirective === directive) done(); }));
        const all = ${JSON.stringify(refusals)}.map(refused);
        const put = (name, values) => document.body.appendChild(Object.assign(document.createElement(name), values));
        fetch('${url}/fetch').catch(() => {});
        put('img', { src: '${url}/image' });
        put('iframe', { src: '${url}/frame' });
        put('link', { rel: 'stylesheet', href: '${url}/style' });
        put('script', { textContent: "document.title = 'owned'" });
        put('form', { action: '${url}/form', method: 'post' }).submit();
        await Promise.all(all);
      })()`);
      server.close();
      expect(asked).toEqual([]);
      expect(await tab.run('document.title')).not.toBe('owned');
    });
  },
);
