import type { request } from 'node:https';
import type { ProbeConfig } from '../../shared/config/config.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import type { CheckReading } from '../../shared/ladder/input.ts';
import { type ProbeAnswer, readingOf, wrongWith } from '../../shared/ladder/probe.ts';

/** Of a longer body only the beginning is looked at. */
const bodyAtMost = 64 * 1024;
/** Between tries, so that something that is just being restarted is not taken for gone. */
const pauseMs = 1000;

/** Asks until an answer is right, or so many in a row were not. A redirection is an answer like any other: it is not followed. */
export const readProbe = async (probe: ProbeConfig, now: () => Date): Promise<CheckReading> => {
  const wrong: (string | null)[] = [];
  while (wrong.length < probe.failures) {
    if (wrong.length > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    wrong.push(wrongWith(await askOnce(probe), probe));
    if (wrong.at(-1) === null) break;
  }
  const reading = readingOf(wrong, probe, now().toISOString());
  return { ...reading, reason: withoutSecrets(reading.reason).slice(0, 500) };
};

/** A connection of its own for each: what is asked is whether somebody who comes now is served. */
const askOnce = async (probe: ProbeConfig): Promise<ProbeAnswer> => {
  // Read when something is asked, not when a function begins: most never ask, and it takes as long as all of our own code.
  const { request: ask } = await (probe.url.startsWith('https:') ? import('node:https') : import('node:http'));
  return answerOf(ask, probe);
};

const answerOf = (ask: typeof request, { url, timeout }: ProbeConfig): Promise<ProbeAnswer> =>
  new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeout);
    const none = (error: Error & { code?: string }): void =>
      resolve({ none: signal.aborted ? `no answer within ${timeout} ms` : (error.code ?? error.message) });
    const headers = { 'user-agent': 'escalator', accept: '*/*', 'accept-encoding': 'identity' };
    ask(url, { signal, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const answer = (): void => {
        const body = Buffer.concat(chunks).subarray(0, bodyAtMost).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body });
        response.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= bodyAtMost) answer();
      });
      response.on('end', answer).on('error', none);
    })
      .on('error', none)
      .end();
  });
