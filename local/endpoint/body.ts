import type { IncomingMessage } from 'node:http';

/**
 * Reads the body of a request.
 *
 * @param limit in bytes
 * @returns the bytes, or null when there are more than the limit (the rest is thrown away as it comes)
 * @throws when the client goes away before the end
 */
export const readBody = async (request: IncomingMessage, limit: number): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // leaving the loop must not destroy the request: its connection still carries the answer
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) break;
    chunks.push(chunk);
  }
  if (size <= limit) return Buffer.concat(chunks, size);
  request.resume();
  return null;
};
