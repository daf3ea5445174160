import { createHash } from 'node:crypto';

/** In place of SHA-256 in JavaScript, which our own code takes because it also runs in browsers: Node.js has it. */
export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
