import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, startConsole } from '../../../local/console.ts';
import { pageRoutes } from '../../../local/page/page.ts';

const page = pageRoutes();
const get = (path: string, headers: { [name: string]: string } = {}) => page.request(path, { headers });
const referencedBy = (text: string): string[] =>
  [...text.matchAll(/(?:src|href)="(\/[^"]+)"|from '\.(\/[^']+)'/g)].map(
    ([, absolute, relative]) => absolute ?? relative ?? '',
  );

describe('the page', () => {
  it('is HTML under a policy that lets it run and ask nothing but ours', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]));
    expect(policy?.join()).not.toMatch(/unsafe|\*|https?:/);
  });

  it('needs nothing that is not served with it, from file to file', async () => {
    const seen = new Set<string>();
    const left = ['/'];
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      left.push(...referencedBy(await response.text()));
    }
    expect([...seen]).toEqual(expect.arrayContaining(['/main.js', '/page.css', '/dom.js']));
  });

  it('has no script or style within, which its own policy would refuse', async () => {
    const html = await (await get('/')).text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/);
  });

  it('sets what others wrote as text only', async () => {
    const files = [
      '/main.js',
      '/dom.js',
      '/words.js',
      '/changes.js',
      '/incidents.js',
      '/lists.js',
      '/ask.js',
      '/inbox.js',
    ];
    for (const file of files)
      expect(await (await get(file)).text()).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/,
      );
  });

  it('is not sent again when the browser has it', async () => {
    const etag = (await get('/main.js')).headers.get('etag') ?? '';
    const again = await get('/main.js', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('the console', () => {
  let web: Console;
  beforeAll(async () => {
    web = await startConsole({
      port: 0,
      api: new Hono().get('/api/about', (context) => context.json({ version: '1' })),
    });
  });
  afterAll(() => web.close());
  const status = async (path: string, headers: { [name: string]: string } = {}): Promise<number> =>
    (await fetch(new URL(path, web.url), { headers })).status;

  it('serves its own page, whose modules a browser asks for with its origin', async () => {
    expect(await status('/main.js', { origin: web.url })).toBe(200);
    expect(await status('/api/about')).toBe(200);
  });

  it('refuses pages of others, also those of another port of this machine', async () => {
    expect(await status('/api/about', { origin: 'http://evil.example' })).toBe(403);
    expect(await status('/api/about', { origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await status('/api/about', { origin: 'null' })).toBe(403);
  });
});
