import { emptyGroup, type GroupState } from '../../shared/alert/group.ts';
import type { AlertInput, Notice } from '../../shared/alert/notice.ts';
import { tellersOf } from '../../shared/alert/route.ts';
import { type AlertReadings, type Decision, decide, evolve, nothingRead } from '../../shared/alert/tell.ts';
import { defaultTiming, type Timing } from '../../shared/alert/timing.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Alert } from '../../shared/ladder/events.ts';
import { person } from './orders.ts';
import { alertOf } from './alert.ts';

/** What happens at a time, in the words of whoever it happens to. */
export type Happening = Partial<AlertReadings> & { input?: (seq: number) => AlertInput };

const alert = (severity: Alert['severity'], headline: string, over: Partial<Alert> = {}): Alert =>
  alertOf({ severity, headline, ...over });

const notice = (says: Notice['says'], given: Alert, about: string, mutedBy: string | null = null): Happening => ({
  input: (seq) => ({
    type: 'notice',
    seq,
    notice: { about, says, severity: given.severity === 'warning' ? 'ticket' : given.severity, alert: given, mutedBy },
  }),
});

export const opens = (about = 'smoke', severity: Alert['severity'] = 'warning'): Happening =>
  notice('open', alert(severity, `${about} failing`), about);
export const goesOn = (headline: string, about = 'smoke', severity: Alert['severity'] = 'info'): Happening =>
  notice('open', alert(severity, headline, { done: ['deploy: redeployed (done)'] }), about);
export const isOver = (about = 'smoke', done: string[] = []): Happening =>
  notice('over', alert('info', `${about} converged`, { done }), about);
export const calls = (headline: string): Happening => notice('call', alert('page', headline), headline);
export const says = (headline: string): Happening => notice('once', alert('info', headline), headline);
export const muted = (about: string): Happening => notice('open', alert('warning', `${about} failing`), about, 'night');
/** News of one entry; the same headline is the same thing. */
export const news = (
  headline: string,
  severity: Alert['severity'] = 'info',
  how: Notice['says'] = severity === 'page' ? 'call' : 'once',
  mutedBy: string | null = null,
): Happening => {
  const of = { rule: 'sign-in', who: null, at: at('0:00:00'), where: '', seq: 1 };
  return notice(
    how,
    alert(severity, headline, { incident: null, ...(how !== 'open' && { news: of }) }),
    headline,
    mutedBy,
  );
};
export const acknowledged = (about: string | null = null): Happening => ({
  input: () => ({ type: 'acknowledged', id: 'c-1', who: person('Ben'), why: 'I am on it', about }),
});
export const taken = (): Happening => ({ input: (seq) => ({ type: 'taken', seq, who: person('Ben') }) });
export const freed = (): Happening => ({ input: (seq) => ({ type: 'freed', seq, why: 'all checks pass' }) });
export const silenced = (until: string): Happening => ({ silence: { id: 's-1', until: at(until) } });
export const unsilenced = (): Happening => ({ silence: null });
export const mutedNow = (by: string | null): Happening => ({ mutedBy: by });
export const inhibited = (by: string | null): Happening => ({ inhibitedBy: by });

const begin = Date.parse('2026-11-21T00:00:00.000Z');
const msOf = (time: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
};
const at = (time: string): string => new Date(begin + msOf(time)).toISOString();
const clock = (instant: string): string => instant.slice(11, 19);

const sre = {
  match: { environment: ['production'] },
  to: 'sre',
  escalate: [
    { to: 'lead', after: 900_000 },
    { to: 'boss', after: 1_800_000 },
  ],
};
const usual: Pick<Config, 'timing' | 'routes' | 'topics'> = {
  timing: defaultTiming,
  routes: [sre],
  topics: { sre: { sns: 'sre' }, lead: { sns: 'lead' }, boss: { sns: 'boss' } },
};

/**
 * Plays what happens to a group of alerts, in the order and at the times written, with each timer at its time; answers
 * what people were told, and with `all` every decision. Times are `H:MM:SS`.
 */
export const timetable = (
  rows: [time: string, ...happens: Happening[]][],
  {
    until = '0:00:00',
    all = false,
    config = usual,
  }: {
    until?: string;
    all?: boolean;
    config?: Partial<Omit<typeof usual, 'timing'>> & { timing?: Partial<Timing> };
  } = {},
): string[] => {
  const tellers = tellersOf({ ...usual, ...config, timing: { ...defaultTiming, ...config.timing } });
  let state: GroupState = emptyGroup;
  let readings: AlertReadings = nothingRead;
  const said: string[] = [];
  const take = (input: AlertInput, now: string): Decision => {
    const decision = decide('production/shop', state, input, readings, now, tellers);
    const to =
      decision.message === null ? '' : ` to ${decision.message.to.join(', ')}: ${decision.message.alert.headline}`;
    if (all || decision.message !== null) said.push(`${clock(now)} ${decision.outcome}${to}`);
    if (decision.recorded) state = evolve(state, { ...decision, input, now, version: state.version + 1 });
    return decision;
  };
  const timersUntil = (time: string): void => {
    for (let timers = 0; state.timer !== null && state.timer.due <= time; timers += 1) {
      if (timers === 1_000) throw new Error(`it looks again and again at ${state.timer.due}`);
      take({ type: 'timer', ...state.timer }, state.timer.due);
    }
  };
  let seq = 0;
  for (const [time, ...happens] of rows) {
    timersUntil(at(time));
    for (const { input, ...read } of happens) {
      readings = { ...readings, ...read };
      if (input !== undefined) take(input((seq += 1)), at(time));
    }
  }
  timersUntil(at(until));
  return said;
};
