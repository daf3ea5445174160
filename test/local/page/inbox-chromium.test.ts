import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageRoutes } from '../../../local/page/page.ts';
import { hostile } from '../../cli/answers.ts';
import { Browser, chromium, type Tab } from '../../harness/chromium.ts';

const path = chromium();
const skipped = path === null ? ': skipped, there is no Chromium here' : '';

const evil = `${hostile} <img src=x onerror="document.title='evil'"> \u202egnp.exe [approve](http://evil)`;
const alert = {
  id: 'alerts/production/shop#5',
  incident: 'production.shop.5',
  headline: `smoke failing ${evil}`,
  action: 'trigger',
  severity: 'page',
  why: 'page',
  next: `a person decides ${evil}`,
  since: '2026-11-21T12:00:00.000Z',
  environment: 'production',
  service: 'shop',
  commit: 'a1b2c3d4',
  subject: evil,
  author: evil,
};
const letter = {
  id: 'm-1',
  at: '2026-11-21T12:00:01.000Z',
  topic: 'escalator-sre',
  subject: evil,
  alert,
  forms: [
    { protocols: ['email'], text: `a mail\n${evil}` },
    { protocols: ['http', 'sqs'], text: JSON.stringify({ title: evil }) },
  ],
  attributes: {},
  deliveries: [{ protocol: 'http', endpoint: evil, state: 'failed', tries: 4, error: evil, at: alert.since }],
};

let server: ServerType;
let browser: Browser;
let tab: Tab;
const given: { [field: string]: unknown }[] = [];

/** The page as it is served, and answers of an API that holds nothing but what is hostile. */
const app = (): Hono =>
  new Hono()
    .post('/api/acknowledgements', async (context) => {
      given.push(await context.req.json());
      return context.json({});
    })
    .get('/api/inbox', (context) => context.json({ items: [{ key: 'production.shop.5', letters: [letter] }] }))
    .get('/api/about', (context) => context.json({ version: '1' }))
    .get('/api/*', (context) => context.json({ items: [] }))
    .route('/', pageRoutes());

describe.skipIf(path === null)(`the inbox in a browser${skipped}`, () => {
  beforeAll(async () => {
    server = serve({ fetch: app().fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    browser = new Browser(path ?? '');
    tab = await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/#inbox`);
    await tab.until(`document.querySelector('.thread') !== null`);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('shows what others wrote as text: nothing of it is an element, a link, or runs', async () => {
    await tab.run(`document.querySelector('.letter summary').click()`);
    await tab.until(`document.querySelector('.form') !== null`);
    const made = `['img[src=x]', 'script:not([src])', 'a[href*=evil]'].map((one) => document.querySelectorAll(one).length).join()`;
    expect(await tab.run(made)).toBe('0,0,0');
    expect(await tab.run('document.title')).not.toBe('evil');
    const shown = await tab.run<string>(`document.querySelector('#inbox').textContent`);
    expect(shown).toContain('<img src=x');
    expect(shown).not.toContain('\u202e');
  });

  it('shows a message as each protocol gets it', async () => {
    const text = `document.querySelector('.form').textContent`;
    expect(await tab.run(text)).toContain('a mail');
    await tab.run(
      `[...document.querySelectorAll('.tabs button')].find((tab) => tab.textContent === 'machines').click()`,
    );
    expect(await tab.run(text)).toMatch(/^\{\n {2}"title"/);
  });

  it('lets a person say that they know, and says what came of it', async () => {
    await tab.run(`(() => {
      const form = document.querySelector('.acknowledge');
      form.elements.why.value = 'I am on it';
      form.elements.by.value = 'ada';
      form.requestSubmit();
    })()`);
    await tab.until(`document.querySelector('.said') !== null`);
    expect(await tab.run(`document.querySelector('.said').textContent`)).toContain('Acknowledged by ada');
    expect(given).toMatchObject([{ alert: 'production.shop.5', by: 'ada', why: 'I am on it' }]);
  });
});
