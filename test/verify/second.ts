import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What both verifiers are asked, and what both must answer alike. */
export type Asked = { dir: string; key: string; checkpoint?: string };
export type Answer = { exit: number; firstBad: number | null; why: string };

export const script = new URL('verify.py', import.meta.url).pathname;

/** Why the second verifier cannot run here; null where it can. */
export const lacking = (): string | null => {
  const missing = ['python3', 'openssl'].filter((tool) => spawnSync(tool, ['-h'], { stdio: 'ignore' }).error);
  return missing.length === 0 ? null : `${missing.join(' and ')} not found`;
};

/** The second verifier in batch mode: answers come in the order of the questions. */
export class SecondVerifier {
  readonly #process: ChildProcess;
  readonly #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  #error = '';

  constructor() {
    const child = spawn('python3', [script, '--batch'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    child.stderr.on('data', (text: Buffer) => (this.#error = (this.#error + text.toString()).slice(-10_000)));
    createInterface(child.stdout).on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line) as Answer));
    child.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`verify.py ended: ${this.#error}`));
    });
  }

  ask(asked: Asked): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ resolve, reject });
    this.#process.stdin?.write(`${JSON.stringify(asked)}\n`);
    return promise;
  }

  /** Ends its input; it ends by itself. */
  close(): void {
    this.#process.stdin?.end();
  }
}
