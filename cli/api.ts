import type { Page } from '../shared/question/answers.ts';
import { EscalatorError, type ErrorCode, errorCodes } from '../shared/errors.ts';

/** The query API of a running product. */
export type Api = {
  url: string;
  /** Asks one question. Throws ESC-010 when nobody answers, else the refusal's own code. */
  get: <Answer>(path: string, query?: Query) => Promise<Answer>;
  /** The same, for an answer that is a text. */
  text: (path: string, query?: Query) => Promise<string>;
  /** The same, for an answer that is bytes. */
  bytes: (path: string, query?: Query) => Promise<Uint8Array>;
  /** Tells the product to do something. */
  post: <Answer>(path: string, command: object) => Promise<Answer>;
};

export type Query = { [name: string]: string | number | undefined };

/** How long an answer may take (ms): a list of 500 entries takes a fraction of it. */
const patience = 15_000;

/** Where the product is: `ESCALATOR_URL`, else where it is by default. Throws ESC-007 for what is no address. */
export const apiFrom = (env: { [name: string]: string | undefined }): Api => {
  const url = addressOf(env['ESCALATOR_URL'] ?? 'http://127.0.0.1:4400');
  return {
    url,
    get: async (path, query) => answerOf(await ask(url, path, query), url),
    text: async (path, query) => (await good(await ask(url, path, query), url)).text(),
    bytes: async (path, query) => new Uint8Array(await (await good(await ask(url, path, query), url)).arrayBuffer()),
    post: async (path, command) => answerOf(await tell(url, path, command), url),
  };
};

const addressOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href;
  const message = `ESCALATOR_URL ${JSON.stringify(text)} is no address`;
  throw new EscalatorError('ESC-007', message, 'wanted: one such as http://127.0.0.1:4400');
};

const ask = (base: string, path: string, query: Query = {}): Promise<Response> => {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return reach(url);
};

const tell = (base: string, path: string, command: object): Promise<Response> =>
  reach(new URL(path, base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(command),
  });

const answerOf = async <Answer>(response: Response, base: string): Promise<Answer> =>
  (await bodyOf(await good(response, base), base)) as Answer;

/** Throws the refusal's own code. */
const good = async (response: Response, base: string): Promise<Response> => {
  if (response.ok) return response;
  throw refusalOf(await bodyOf(response, base), response.status, new URL(response.url));
};

const reach = (url: URL, more: RequestInit = {}): Promise<Response> =>
  send(url, { signal: AbortSignal.timeout(patience), redirect: 'error', ...more }).catch((error: unknown) => {
    throw error instanceof EscalatorError ? error : noAnswer(url.origin, error);
  });

/** On AWS a request is signed with the caller's own credentials; what that needs is only loaded there. */
const send = async (url: URL, request: RequestInit): Promise<Response> => {
  const region = regionOfDoor(url);
  if (region === null) return fetch(url, request);
  const { signed } = await import('./sign.ts');
  return fetch(url, { ...request, headers: await signed(url, request, region) });
};

/** The Region of API Gateway's own address of an API; null for any other address. */
const regionOfDoor = ({ hostname }: URL): string | null =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(hostname)?.[1] ?? null;

const bodyOf = (response: Response, base: string): Promise<unknown> =>
  response.json().catch((error: unknown) => {
    throw new EscalatorError('ESC-010', `${base} answers, but not as Escalator does`, 'is it another program?', {
      cause: error,
    });
  });

const noAnswer = (origin: string, cause: unknown): EscalatorError =>
  new EscalatorError(
    'ESC-010',
    `Escalator does not answer at ${origin}`,
    'start it with npm start, or say where it is by ESCALATOR_URL',
    { cause },
  );

/** The API's refusals say what happened and what to do themselves. */
const refusalOf = (body: unknown, status: number, url: URL): EscalatorError => {
  const { code, message, todo } =
    (body as { error?: { code?: string; message?: string; todo?: string | null } }).error ?? {};
  const known = code !== undefined && code in errorCodes ? (code as ErrorCode) : 'ESC-010';
  return new EscalatorError(known, message ?? `${url.pathname} was answered with ${status}`, todo ?? undefined);
};

/** How many pages are read for one answer, at most. */
const pagesAtMost = 100;

/** Reads a list page by page, newest first, until `enough` says so of an item or the list ends. */
export const readUntil = async <Item>(
  api: Api,
  path: string,
  query: Query,
  enough: (item: Item, count: number) => boolean,
): Promise<Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesAtMost; page++) {
    const answer: Page<Item> = await api.get(path, { ...query, cursor });
    for (const item of answer.items) {
      if (enough(item, items.length)) return items;
      items.push(item);
    }
    if (answer.next === null) return items;
    cursor = answer.next;
  }
  return items;
};
