declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** An in-memory DynamoDB over HTTP. */
  export default function dynalite(options: { createTableMs?: number; path?: string }): Server;
}
