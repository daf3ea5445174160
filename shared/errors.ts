/**
 * Every error that a person may meet, with its permanent code. A code is never reused or renamed; the message says
 * what happened, where, what was found and wanted; `todo` says what to do next.
 */
export const errorCodes = {
  'ESC-000': 'something failed inside',
  'ESC-001': 'a port is in use',
  'ESC-002': 'the data directory is in use by another process',
  'ESC-003': 'the data directory was written by a newer version',
  'ESC-004': 'git is missing',
  'ESC-005': 'the configuration has mistakes',
  'ESC-006': 'a file cannot be read',
  'ESC-007': 'an option has a value it cannot have',
  'ESC-010': 'the product does not answer',
  'ESC-011': 'nothing is known under that name',
  'ESC-012': 'a question is not well formed',
  'ESC-014': 'the trail is not sealed',
  'ESC-015': 'the archive does not hold what it should',
  'ESC-030': 'an event cannot be put',
  'ESC-035': 'there is no pattern or event to try',
  'ESC-040': 'the past is not whole',
  'ESC-041': 'the lock of the archive is not chosen',
  'ESC-042': 'a request cannot be signed',
  'ESC-043': 'the alarms cannot be read',
  'ESC-044': 'a function was handed what is not for it',
  'ESC-050': 'a question of the deployment is not answered',
  'ESC-051': 'the trail cannot be restored',
  'ESC-052': 'there is nothing to draft a configuration from',
  'ESC-055': 'an alert is not acknowledged by that',
  'ESC-056': 'a silence is refused',
  'ESC-057': 'a subscription is refused',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class EscalatorError extends Error {
  override readonly name = 'EscalatorError';
  readonly code: ErrorCode;
  readonly todo: string | undefined;

  constructor(code: ErrorCode, message: string, todo?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.todo = todo;
  }

  /** One line for a terminal: `ESC-001 port 4400 is in use; stop the other process or pass --port 0`. */
  toLine(): string {
    return `${this.code} ${this.message}${this.todo === undefined ? '' : `; ${this.todo}`}`;
  }
}
