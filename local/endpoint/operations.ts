/**
 * What a stand-in for an AWS service is made of: plain functions by operation name, taking and giving the
 * operation's members as today's API names them. The front knows the wire; the operations do not.
 */
export type Operations = { [operation: string]: (input: Members) => unknown };

/** A request's members, as parsed from the wire: strings, numbers, booleans, lists and structures. */
// The wire is untyped by nature; each operation checks what it uses.
export type Members = { [member: string]: any };

/** An answer of refusal in AWS's own words: `code` is the exception's name. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
