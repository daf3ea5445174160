import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium on this machine; null where there is none. */
export const chromium = (): string | null => {
  const paths = (process.env['PATH'] ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  return paths.find(isExecutable) ?? null;
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

type Message = { id?: number; method?: string; sessionId?: string; result?: unknown; error?: { message: string } };
type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void };
type Params = { [name: string]: unknown };

/** A browser without a window, told what to do over a pipe (the DevTools protocol): it listens on nothing. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #home = mkdtempSync(join(tmpdir(), 'verify-page-chromium-'));
  readonly #waiting = new Map<number, Waiting>();
  /** tabs that wait until their page is there */
  readonly #loading = new Map<string, () => void>();
  #id = 0;

  constructor(path: string) {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
    const own = ['--remote-debugging-pipe', `--user-data-dir=${this.#home}`, 'about:blank'];
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    this.#process = spawn(path, [...args, ...own], { stdio: [...stdio] });
    let rest = '';
    (this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message) as Message);
    });
    this.#process.on('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the browser ended with ${code}`));
    });
  }

  #take({ id, method, sessionId, result, error }: Message): void {
    if (method === 'Page.loadEventFired') this.#loading.get(sessionId ?? '')?.();
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error.message));
  }

  send<Result>(method: string, params: Params = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#id;
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise<Result>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Opens a page in a tab of its own, and waits until it is there. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
    const attach = { targetId, flatten: true };
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', attach);
    const tab = new Tab((method, params) => this.send(method, params, sessionId));
    await tab.send('Page.enable');
    const loaded = new Promise<void>((resolve) => this.#loading.set(sessionId, resolve));
    await tab.send('Page.navigate', { url });
    await loaded;
    return tab;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.on('exit', resolve));
    await this.send('Browser.close').catch(() => this.#process.kill());
    await ended;
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page that is open. */
export class Tab {
  readonly send: <Result>(method: string, params?: Params) => Promise<Result>;

  constructor(send: <Result>(method: string, params?: Params) => Promise<Result>) {
    this.send = send;
  }

  /** Answers what an expression comes to, also later. Throws where it throws. */
  async run<Value>(expression: string): Promise<Value> {
    type Ran = { result: { value: Value }; exceptionDetails?: { exception?: { description?: string } } };
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send<Ran>('Runtime.evaluate', params);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? 'it threw');
    return result.value;
  }

  /** Chooses files, or a directory, as a person does in the picker. */
  async choose(selector: string, ...files: string[]): Promise<void> {
    const { root } = await this.send<{ root: { nodeId: number } }>('DOM.getDocument');
    const { nodeId } = await this.send<{ nodeId: number }>('DOM.querySelector', { nodeId: root.nodeId, selector });
    await this.send('DOM.setFileInputFiles', { files, nodeId });
  }

  /** Drops files, or a directory, where an element is. */
  async drop(selector: string, ...files: string[]): Promise<void> {
    const at = await this.run<{ x: number; y: number }>(
      `(() => { const element = document.querySelector(${JSON.stringify(selector)});
        element.scrollIntoView({ block: 'center' });
        const { x, y } = element.getBoundingClientRect(); return { x: x + 30, y: y + 30 }; })()`,
    );
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'])
      await this.send('Input.dispatchDragEvent', { type, ...at, data });
  }

  /** Waits until an expression holds; looks whenever the page changes. */
  async until(expression: string): Promise<void> {
    await this.run(`new Promise((done) => {
      const look = () => { if (${expression}) { watch.disconnect(); done(); } };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      look();
    })`);
  }
}
