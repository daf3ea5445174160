const linkAtMost = 2_000;

/**
 * An address that people may be led to: one that a service of AWS, a job worker or the configuration says, never one out
 * of a commit. Null where it is none. On one machine logs are files, and pages are served on loopback.
 */
export const linkOf = (address: string | null | undefined): string | null => {
  const url = address == null || address.length > linkAtMost ? null : URL.parse(address);
  if (url === null || url.username + url.password !== '') return null;
  const isHere = url.protocol === 'file:' ? url.host === '' : isLoopback(url.hostname);
  return url.protocol === 'https:' || (isHere && ['http:', 'file:'].includes(url.protocol)) ? url.href : null;
};

const isLoopback = (host: string): boolean => host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
