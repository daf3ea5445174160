import { type Handler, house } from './house.ts';

/** What wakes a reader: the table's stream, or a schedule. What it says is not looked at: readers follow the lane. */
export type WakeUp = { schedule?: boolean; Records?: { eventSource?: string }[] };

/** Makes a Lambda handler of work that is woken. What it throws is told, and thrown on: Lambda counts it, and tries again. */
export const perWakeUp = <Answer>(name: string, work: (event: WakeUp) => Promise<Answer>): Handler<WakeUp, Answer> =>
  house({ name, wrongWith: (event) => (isWakeUp(event) ? null : 'it is no wake-up') }, (event) => work(event));

const isWakeUp = (event: unknown): boolean => {
  const { schedule, Records } = (event ?? {}) as WakeUp;
  return schedule === true || (Array.isArray(Records) && Records.every((one) => one?.eventSource === 'aws:dynamodb'));
};

/** What API Gateway hands to a function (HTTP API, payload format 2.0), as far as it is looked at here. */
type Request = { rawPath?: string; requestContext?: { requestId?: string; http?: { method?: string } } };

/**
 * Makes a Lambda handler of an API. Of a request the path is logged and what was answered, never what was asked after it
 * or said in it.
 */
export const perRequest = <Event, Answer>(
  name: string,
  work: (event: Event, context: unknown) => Promise<Answer>,
): Handler<Event, Answer> =>
  house(
    {
      name,
      wrongWith: (event) => (isRequest(event) ? null : 'it is no request of an HTTP API'),
      tally: (event, answer) => ({ ...asked(event as Request), ...counted(answer) }),
    },
    work,
  );

const isRequest = (event: unknown): boolean =>
  typeof ((event ?? {}) as Request).requestContext?.http?.method === 'string';

const asked = ({ rawPath, requestContext }: Request) => ({
  method: requestContext?.http?.method,
  path: rawPath,
  api: requestContext?.requestId,
});

const counted = (answer: unknown) => {
  const status = ((answer ?? {}) as { statusCode?: number }).statusCode ?? 0;
  return { status, records: 1, failures: status >= 500 ? 1 : 0 };
};
