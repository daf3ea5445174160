import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReleaseProcess } from './release-process.ts';

export type HttpAnswer = { status: number; body: string };

/** More of an answer than this is not read. */
const bodyAtMost = 64 * 1024;

/**
 * One GET on loopback, on a connection of its own.
 *
 * @returns the answer, or in words why there is none
 */
export const ask = (url: string, timeoutMs: number, signal?: AbortSignal): Promise<HttpAnswer | string> =>
  new Promise((resolve) => {
    const deadline = AbortSignal.timeout(Math.ceil(timeoutMs));
    const given = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve(deadline.aborted ? `no answer within ${timeoutMs} ms` : `no answer (${error.code ?? error.message})`);
    const asked = request(url, { agent: false, signal: given }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      const done = (): void => resolve({ status: answer.statusCode ?? 0, body });
      answer.on('data', (chunk: string) => {
        body += chunk;
        if (body.length <= bodyAtMost) return;
        done();
        asked.destroy();
      });
      answer.on('end', done);
      answer.on('error', failed);
    });
    asked.on('error', failed);
    asked.end();
  });

/** How often a release that starts is asked whether it answers (ms). */
const every = 50;

/**
 * Waits until a release answers anything over HTTP: a 500 is an answer.
 *
 * @returns null when it answers, else in words why it will not
 */
export const untilAnswers = async (
  release: ReleaseProcess,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<string | null> => {
  const deadline = performance.now() + deadlineMs;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const ended = release.ended();
    if (ended !== null) return `the release ${ended} before it answered`;
    const answer = await ask(`http://127.0.0.1:${release.port}/`, Math.max(deadline - performance.now(), 1), signal);
    if (typeof answer !== 'string') return null;
    await pause(every);
  }
  return `the release did not answer on its port within ${deadlineMs / 1000} s`;
};
