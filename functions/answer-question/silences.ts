import { Hono } from 'hono/tiny';
import type { Silences } from '../../shared/alert/silences.ts';
import type { Clock } from '../../shared/ports.ts';
import { answerError } from '../support/http-errors.ts';

export type SilencePorts = { silences: () => Promise<Silences>; now: Clock };

/** What people are not told of now, or will not be: whose it is, why, and until when. */
export const silenceApi = ({ silences, now }: SilencePorts): Hono => {
  const api = new Hono();
  api.get('/api/silences', async (context) => {
    const at = now().toISOString();
    const items = (await silences()).silences.filter(({ until }) => until > at);
    return context.json({ items });
  });
  api.onError(answerError('answer-question'));
  return api;
};
