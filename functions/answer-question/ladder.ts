import { Hono } from 'hono/tiny';
import { type Config, type LadderConfig, laddersOf } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { type KillSwitch, type KillSwitchPlace, readSwitch } from '../../shared/ladder/kill-switch.ts';
import { accountRails, type Standing } from '../../shared/ladder/rails-of-account.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Page } from '../../shared/question/answers.ts';
import { type KillSwitchAnswer, ladderAnswer, type LadderAnswer } from '../../shared/question/ladders.ts';
import { answerError } from '../support/http-errors.ts';

export type LadderPorts = {
  /** the state of a ladder; that of one which never took anything in is the initial one */
  stateOf: (ladder: string) => Promise<LadderState>;
  /** read when it is first asked for: most questions do not need it */
  config: () => Config;
  /** the text of the kill switch; null where it cannot be read */
  killSwitch: () => Promise<string | null>;
  now: Clock;
  /** where the kill switch is, for people who want to set it */
  place: KillSwitchPlace;
};

/** Ladders read at once. */
const atOnce = 10;

/** Answers how ladders stand: all that the configuration names, or one. */
export const ladderApi = (ports: LadderPorts): Hono => {
  const api = new Hono();
  api.get('/api/ladders', async (context) => {
    const page: Page<LadderAnswer> = { items: await answersOf(ports, laddersOf(ports.config())), next: null };
    return context.json(page);
  });
  api.get('/api/ladders/:environment', async (context) => {
    const [answer] = await answersOf(ports, [oneOf(ports.config(), context.req.param('environment'))]);
    return context.json(answer);
  });
  api.get('/api/ladders/:environment/:service', async (context) => {
    const { environment, service } = context.req.param();
    const [answer] = await answersOf(ports, [oneOf(ports.config(), `${environment}/${service}`)]);
    return context.json(answer);
  });
  api.get('/api/kill-switch', async (context) => {
    const { text, read } = await switchNow(ports);
    const answer: KillSwitchAnswer = { ...ports.place, text, ...read };
    return context.json(answer);
  });
  api.onError(answerError('answer-question'));
  return api;
};

const switchNow = async ({ config, killSwitch }: LadderPorts): Promise<{ text: string | null; read: KillSwitch }> => {
  const text = await killSwitch();
  return { text, read: readSwitch(text, { ladders: laddersOf(config()).map(({ ladder }) => ladder) }) };
};

const answersOf = async (ports: LadderPorts, ladders: LadderConfig[]): Promise<LadderAnswer[]> => {
  const { stateOf, now } = ports;
  const config = ports.config();
  const { read } = await switchNow(ports);
  // What holds across all ladders is read off all of them.
  const all: Standing[] = [];
  for (const some of tens(laddersOf(config)))
    all.push(...(await Promise.all(some.map(async (one) => ({ config: one, state: await stateOf(one.ladder) })))));
  const asked = all.filter((one) => ladders.some(({ ladder }) => ladder === one.config.ladder));
  return asked.map((one) => {
    const answer = ladderAnswer(one.state, one.config, now().toISOString(), read);
    return { ...answer, rails: [...answer.rails, ...accountRails(all, config, one)] };
  });
};

const tens = (ladders: LadderConfig[]): LadderConfig[][] =>
  Array.from({ length: Math.ceil(ladders.length / atOnce) }, (_, part) =>
    ladders.slice(part * atOnce, (part + 1) * atOnce),
  );

const oneOf = (config: Config, ladder: string): LadderConfig => {
  const ladders = laddersOf(config);
  const found = ladders.find((one) => one.ladder === ladder);
  if (found !== undefined) return found;
  const known = ladders.map((one) => one.ladder).join(', ');
  throw new EscalatorError('ESC-011', `there is no ladder ${JSON.stringify(ladder)}`, `there are ${known}`);
};
