import middy from '@middy/core';
import { EscalatorError } from '../../shared/errors.ts';
import { failureClass, inWords } from '../../shared/watch/failure.ts';
import { metricLine } from '../../shared/watch/metrics.ts';
import { aboutOf, type Fields, log, within } from './log.ts';

/** Takes an event, and what Lambda says of the call; on one machine nothing is said of it. */
export type Handler<Event, Answer> = (event: Event, context?: unknown) => Promise<Answer>;

/** What is counted of a call when it is over. */
export type Tally = { records: number; failures: number } & Fields;

export type House<Event, Answer> = {
  /** the function's folder: it stands in every line */
  name: string;
  /** what is wrong with an event, in words; null where it is one that the function is for */
  wrongWith: (event: unknown) => string | null;
  tally?: (event: Event, answer: Answer) => Tally;
  /** what is answered where the work failed; where there is none, the failure is thrown on to Lambda */
  recover?: (event: Event) => Answer;
};

/** Before Lambda ends a call it is ended here, so that it is told. Milliseconds that are left then. */
const endedEarlyMs = 500;

/**
 * Puts the house around a function's work: an event that is not for it is refused before anything is done, one line of
 * the log says how each call ended, and a failure is told with its class and what it was about.
 *
 * Every line of a call carries the function's name and the call's request id, and what the work adds by `within`.
 */
export const house = <Event, Answer>(
  kind: House<Event, Answer>,
  work: Handler<Event, Answer>,
): Handler<Event, Answer> => {
  const handler = middy<Event, Answer>({ timeoutEarlyInMillis: endedEarlyMs })
    .use(told(kind))
    .use(checked(kind))
    .handler((event, context) => work(event, context));
  return (event, context = {}) =>
    within({ function: kind.name, request: requestOf(context) }, () => handler(event, context as never));
};

const requestOf = (context: unknown): string | undefined => (context as { awsRequestId?: string }).awsRequestId;

type Middleware<Event, Answer> = middy.MiddlewareObj<Event, Answer>;

const checked = <Event, Answer>({ name, wrongWith }: House<Event, Answer>): Middleware<Event, Answer> => ({
  before: ({ event }) => {
    const wrong = wrongWith(event);
    if (wrong !== null) throw new EscalatorError('ESC-044', `${name} was called with what is not for it: ${wrong}`);
  },
});

/** Says how a call ended, whatever happened. */
const told = <Event, Answer>(kind: House<Event, Answer>): Middleware<Event, Answer> => {
  const began = new WeakMap<object, number>();
  const end = (request: middy.Request<Event, Answer>): void => {
    const ms = Math.round(performance.now() - (began.get(request) ?? performance.now()));
    sayEnd(ms, request.response == null ? undefined : kind.tally?.(request.event, request.response));
  };
  return {
    before: (request) => void began.set(request, performance.now()),
    after: (request) => end(request),
    onError: (request) => {
      logFailure(kind.name, request.error);
      if (kind.recover !== undefined && kind.wrongWith(request.event) === null)
        request.response = kind.recover(request.event);
      end(request);
    },
  };
};

/** No metric: how many messages there were SQS counts, and Lambda the calls. */
const sayEnd = (ms: number, tally: Tally | undefined): void => log('info', { ...tally, ms });

/** Tells one failure: what will be tried again as a warning, all else as an error. */
export const logFailure = (name: string, error: unknown, said: Fields = {}): void => {
  const Class = failureClass(error);
  const measured = metricLine<'Failures'>(new Date().toISOString(), { Failures: 1 }, { Function: name, Class });
  const about = { function: name, ...aboutOf(error), ...said };
  log(Class === 'retry' ? 'warn' : 'error', { ...about, error: inWords(error) }, measured);
};
