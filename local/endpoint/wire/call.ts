import type { AwsError, Members } from '../operations.ts';

/** A request to a stand-in, as far as the wire says: which operation, with which members. */
export type Call = { operation: string; input: Members };

/** What an HTTP answer is made of; `headers` in lower case. */
export type Answer = { status: number; headers: { [name: string]: string }; body: string | Uint8Array };

/** A protocol of the AWS wire: how a call is read, how an answer and a refusal are written. Pure. */
export type Protocol = {
  read: (request: WireRequest) => Call;
  answer: (call: Call, output: unknown, requestId: string) => Answer;
  refuse: (error: AwsError, requestId: string) => Answer;
};

export type WireRequest = { method: string; path: string; headers: { [name: string]: string }; body: Uint8Array };
