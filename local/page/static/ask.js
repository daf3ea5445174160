/** How long an answer may take (ms). */
const patience = 10_000;

/** Asks the query API one question. Throws with words for whoever looks at the page. */
export const ask = async (path, query = {}) => {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return answerOf(await fetch(url, { signal: AbortSignal.timeout(patience), headers: { accept: 'application/json' } }));
};

/** Gives the product a command. Throws with words for whoever looks at the page. */
export const tell = async (path, command) => {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(command), signal: AbortSignal.timeout(patience) };
  return answerOf(await fetch(path, request));
};

const answerOf = async (response) => {
  const answer = await response.json();
  if (response.ok) return answer;
  const refusal = answer?.error?.message ?? `the answer was ${response.status}`;
  throw Object.assign(new Error(refusal), { refused: response.status < 500 });
};

/** How many changes are shown, each with its way through the pipeline. */
const changesShown = 5;

/** Everything the overview shows, at one time. */
export const askAll = async () => {
  const [incidents, releases, alerts, updated, created] = await Promise.all([
    ask('/api/incidents', { limit: 5 }),
    ask('/api/releases'),
    ask('/api/alerts', { limit: 12 }),
    ask('/api/entries', { kind: 'reference.updated', limit: 12 }),
    ask('/api/entries', { kind: 'reference.created', limit: 12 }),
  ]);
  const pushes = [...updated.items, ...created.items]
    .filter(({ change, detail }) => isCommit(change?.commit) && detail.refType !== 'tag')
    .toSorted((a, b) => b.seq - a.seq);
  const commits = [...new Set(pushes.map(({ change }) => change.commit))].slice(0, changesShown);
  const changes = (await Promise.all(commits.map(changeOrNull))).filter((change) => change !== null);
  return { incidents: incidents.items, releases: releases.items.slice(0, 8), alerts: alerts.items, changes };
};

/** Events are put by anybody, and may name as a commit what is none. */
const isCommit = (commit) => /^[0-9a-f]{7,64}$/.test(commit ?? '');

/** One change that cannot be told must not keep the others from being shown. */
const changeOrNull = (commit) =>
  ask(`/api/changes/${commit}`).catch((error) => {
    if (error.refused) return null;
    throw error;
  });
