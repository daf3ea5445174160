import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Context, Hono } from 'hono';

const folder = new URL('./static/', import.meta.url);

const contentTypes: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Commit messages and event texts are shown here, and anybody can write them. The page sets them as text only; should
 * it ever fail to, the browser still runs nothing and asks nobody that is not this server.
 */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

type File = { body: string; etag: string; contentType: string };

/** The page: a few static files without dependencies and without a build. Its data it asks of the query API. */
export const pageRoutes = (): Hono => {
  const page = new Hono();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    const file = readFile(name, contentType);
    page.get(name === 'index.html' ? '/' : `/${name}`, (context) => answer(context, file));
  }
  return page;
};

const readFile = (name: string, contentType: string): File => {
  const body = readFileSync(new URL(name, folder), 'utf8');
  return { body, contentType, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"` };
};

const answer = (context: Context, { body, etag, contentType }: File): Response =>
  context.req.header('if-none-match') === etag
    ? context.body(null, 304, { ...headers, etag })
    : context.body(body, 200, { ...headers, etag, 'content-type': contentType });
