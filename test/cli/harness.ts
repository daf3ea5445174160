import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import { apiFrom } from '../../cli/api.ts';
import { runProgram } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';

export type Said = { code: number; out: string[]; err: string[] };

export type World = {
  /** the query API's answers, by path; a function is asked each time, with the query */
  answers: { [path: string]: unknown };
  /** the questions that were asked */
  asked: URL[];
  /** the commands that were given, oldest first */
  given: { path: string; body: { [field: string]: unknown } }[];
  run: (...args: string[]) => Promise<Said>;
  /** how the terminal is: by default no terminal at all */
  terminal: Partial<Terminal>;
  close: () => Promise<void>;
};

/** A command line over HTTP against answers written by hand. Time moves by itself only where a command pauses. */
export const startWorld = async (): Promise<World> => {
  const world: World = {
    answers: {},
    asked: [],
    given: [],
    terminal: {},
    run: () => Promise.reject(new Error('not yet')),
    close,
  };
  const server = serve({ fetch: apiOf(world).fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world.run = (...args) => runIn(world, url, args);
  return world;

  function close(): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
  }
};

const apiOf = (world: World): Hono =>
  new Hono()
    .post('/api/*', async (context) => {
      world.given.push({ path: context.req.path, body: await context.req.json() });
      return context.json({ seq: world.given.length });
    })
    .get('/api/*', (context) => {
      const url = new URL(context.req.url);
      world.asked.push(url);
      const answer = world.answers[decodeURIComponent(url.pathname)];
      if (answer === undefined)
        return context.json(
          { error: { code: 'ESC-011', message: `there is nothing at ${url.pathname}`, todo: null } },
          404,
        );
      const said: unknown = typeof answer === 'function' ? answer(url.searchParams) : answer;
      return typeof said === 'string' ? context.text(said) : context.json(said as object);
    });

const runIn = async (world: World, url: string, args: string[]): Promise<Said> => {
  const said: Said = { code: -1, out: [], err: [] };
  let ms = Date.UTC(2026, 10, 21, 12, 5);
  said.code = await runProgram(
    {
      api: apiFrom({ ESCALATOR_URL: url }),
      print: (line) => void said.out.push(line),
      remark: (line) => void said.err.push(line),
      now: () => new Date(ms),
      pause: (pause) => Promise.resolve(void (ms += pause)),
      colours: false,
      width: Infinity,
      stdin: async function* () {},
      ...world.terminal,
    },
    args,
  );
  return said;
};

export const page = (items: unknown[], next: string | null = null) => ({ items, next });
