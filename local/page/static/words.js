import { element } from './dom.js';

/** The first characters of a commit, as git shows it. */
export const short = (commit) => (commit ? commit.slice(0, 7) : '—');

export const firstLine = (text) => (text ?? '').split('\n')[0];

/** A time of day, or the day where it is another one; the whole time on hovering. */
export const timeElement = (instant) => {
  if (!instant) return null;
  const at = new Date(instant);
  const two = (value) => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  const today = at.toDateString() === new Date().toDateString();
  return element('time', { datetime: instant, title: `${day} ${clock}` }, today ? clock : day);
};

/** How long something took: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export const spanOf = (ms) => {
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
};

export const lasted = (startedAt, endedAt) =>
  startedAt && endedAt ? spanOf(Math.max(0, Date.parse(endedAt) - Date.parse(startedAt))) : null;

/** Something with what of it fails, or is acted on, where that is known by name: `node (i-1)`. */
export const named = (what, of) =>
  of.length === 0 ? what : `${what} (${of.slice(0, 3).join(', ')}${of.length > 3 ? ` and ${of.length - 3} more` : ''})`;

/** How things stand: a word, a sign that is no colour, and a colour. */
const standings = {
  good: ['converged', 'self-healed', 'live', 'succeeded', 'running', 'done', 'already-so', 'over'],
  bad: ['handed-over', 'failed', 'stopped', 'rolled-back', 'quarantined', 'page'],
  calm: ['observed', 'superseded', 'replaced', 'canceled', 'unknown', 'info', 'not-begun'],
};
const signs = { good: '✓', bad: '✕', calm: '–', busy: '●' };

export const standingOf = (status) =>
  Object.keys(standings).find((standing) => standings[standing].includes(status)) ?? 'busy';

export const signOf = (status) => signs[standingOf(status)];

/** A status as a word in a coloured frame. */
export const pill = (status, words = status.replaceAll('-', ' ')) =>
  element(
    `span.pill.${standingOf(status)}`,
    {},
    element('span', { 'aria-hidden': 'true' }, signOf(status)),
    ` ${words}`,
  );

export const code = (commit) => element('code', { title: commit ?? false }, short(commit));

/** Counts down to a time by itself: `ticks` sets it anew each second. */
export const countdown = (until) =>
  until ? element('span.countdown', { 'data-until': until }, leftUntil(until)) : null;

const leftUntil = (until) => `${Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000))} s left`;

export const tick = () => {
  for (const one of document.querySelectorAll('[data-until]')) one.textContent = leftUntil(one.dataset.until);
};
