/** How tickets are named: `SHOP-123`, as Jira and its like do, and `#123`, as issue trackers of repositories do. */
const keyed = /(?<![\w-])([A-Z][A-Z0-9]{1,9})-([1-9]\d{0,9})(?![\w-])/g;
const numbered = /(?<![\w&/#])#([1-9]\d{0,9})(?!\w)/g;

/** Standards are written in the same way as tickets. */
const standards = new Set(['AES', 'CVE', 'CWE', 'HTTP', 'ISO', 'MD', 'PEP', 'RFC', 'RSA', 'SHA', 'TLS', 'UTF']);

const mostTickets = 20;

/** A message is looked into this far (characters). */
const mostText = 10_000;

/** The ids of tickets in a commit message, each once, in the order in which they stand there: at most 20. */
export const ticketsIn = (message: string | null): string[] => {
  const text = (message ?? '').slice(0, mostText);
  const found = [
    ...[...text.matchAll(keyed)].filter(([, project]) => !standards.has(project ?? '')),
    ...text.matchAll(numbered),
  ];
  const inOrder = found.toSorted((a, b) => a.index - b.index).map(([id]) => id);
  return [...new Set(inOrder)].slice(0, mostTickets);
};
