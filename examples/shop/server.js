// The shop: one file, no dependencies. PORT says where to listen; COMMIT, which release this is.
import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8080);
const commit = process.env.COMMIT ?? 'unknown';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>The shop</title>
  </head>
  <body>
    <h1>The shop is open</h1>
    <p>Release <code>${commit.slice(0, 7)}</code></p>
  </body>
</html>
`;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/health') return send(response, 200, 'application/json', JSON.stringify({ ok: true, commit }));
  if (pathname === '/') return send(response, 200, 'text/html; charset=utf-8', page);
  return send(response, 404, 'text/plain; charset=utf-8', 'Nothing is sold here.\n');
});

const send = (response, status, type, body) => {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
};

server.listen(port, '127.0.0.1', () => console.log(`the shop is open on http://127.0.0.1:${server.address().port}`));

// Asked to leave: serve what has been begun, take nothing new.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
