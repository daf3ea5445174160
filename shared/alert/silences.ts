import type { Alert } from '../ladder/events.ts';
import { compilePattern, matches, PatternError } from '../pattern/pattern.ts';
import type { Actor, Instant } from '../trail/entry.ts';
import { after } from '../trail/time.ts';
import { viewsOf } from './route.ts';

/** Stops telling of the alerts that its pattern matches, and nothing else: what acts goes on acting. */
export type Silence = {
  id: string;
  match: { [field: string]: unknown };
  who: Actor;
  why: string;
  from: Instant;
  until: Instant;
};

/** All silences that are not over, as a stream of versions on the trail. */
export type Silences = { version: number; silences: Silence[] };

export const noSilences: Silences = { version: 0, silences: [] };

/** What somebody wants of them. */
export type SilenceOrder =
  ({ type: 'set' } & Silence) | { type: 'lift'; id: string; silence: string; who: Actor; why: string };

/** At the longest: whoever wants to hear of something no more changes the configuration, where others see it. */
export const silenceAtMost = 86_400_000;
const silencesAtMost = 100;

export type SilenceRefusal =
  | 'ends-before-it-begins'
  | 'ended-already'
  | 'longer-than-a-day'
  | 'has-no-owner'
  | 'pattern-is-wrong'
  | 'too-many'
  | 'no-such-silence';

/** Why an order is refused, in words; null where it is not. */
export const refusalOfSilence = (
  { silences }: Silences,
  order: SilenceOrder,
  now: Instant,
): { reason: SilenceRefusal; said: string } | null => {
  if (order.type === 'lift')
    return silences.some(({ id }) => id === order.silence)
      ? null
      : { reason: 'no-such-silence', said: `there is no silence ${order.silence}, or it is over` };
  const { from, until, who, match } = order;
  if (until <= from) return { reason: 'ends-before-it-begins', said: `it ends at ${until} and begins at ${from}` };
  if (until <= now) return { reason: 'ended-already', said: `it ended at ${until}, and it is ${now}` };
  if (until > after(now, silenceAtMost))
    return {
      reason: 'longer-than-a-day',
      said: 'a silence ends within 24 hours; set another one then, or change the routes',
    };
  if (who.type === 'unknown' || who.type === 'service')
    return { reason: 'has-no-owner', said: 'a silence belongs to a person' };
  if (silences.length >= silencesAtMost)
    return { reason: 'too-many', said: `there are ${silences.length} silences: lift one first` };
  return mistakeIn(match);
};

const mistakeIn = (match: Silence['match']): { reason: SilenceRefusal; said: string } | null => {
  try {
    compilePattern(match);
    return null;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { reason: 'pattern-is-wrong', said: error.message };
  }
};

/** Takes an order that is not refused; what is over by then is forgotten. */
export const afterOrder = (state: Silences, order: SilenceOrder, now: Instant): Silences => {
  const going = state.silences.filter(({ until }) => until > now);
  const version = state.version + 1;
  if (order.type === 'lift') return { version, silences: going.filter(({ id }) => id !== order.silence) };
  const { type: _type, ...silence } = order;
  return { version, silences: [...going.filter(({ id }) => id !== silence.id), silence] };
};

/** The silence that covers an alert longest; null where none does. */
export const silenceOf = ({ silences }: Silences, alert: Alert, now: Instant): Silence | null =>
  silences
    .filter(
      ({ from, until, match }) =>
        from <= now && now < until && viewsOf(alert).some((view) => matches(compilePattern(match), view)),
    )
    .toSorted((one, other) => (one.until < other.until ? 1 : -1))[0] ?? null;
