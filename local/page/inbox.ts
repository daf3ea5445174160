import { Hono } from 'hono';
import { answerError } from '../../functions/support/http-errors.ts';
import { readQuery } from '../../shared/question/filters.ts';
import { readInbox } from '../topics/inbox.ts';
import type { TopicStore } from '../topics/store.ts';

const usual = 50;

/** `GET /api/inbox?limit=N`: what was published here, as each subscriber got it, incident by incident, newest first. */
export const inboxRoutes = (store: TopicStore): Hono => {
  const api = new Hono();
  api.get('/api/inbox', (context) => {
    const { paging } = readQuery(context.req.queries(), { filters: [], usual });
    return context.json({ items: readInbox(store, paging.limit) });
  });
  api.onError(answerError('inbox'));
  return api;
};
