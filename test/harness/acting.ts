import { afterEach, beforeEach, expect } from 'vitest';
import { clientConfig } from '../../functions/support/aws-clients.ts';
import { environmentFrom } from '../../functions/support/environment.ts';
import { createEyes, type TargetClients } from '../../functions/support/eyes.ts';
import { createTargetClients } from '../../functions/support/reads.ts';
import { createActions } from '../../functions/take-step/actions.ts';
import { createHands } from '../../functions/take-step/hands.ts';
import type { ActionConfig } from '../../shared/config/config.ts';
import { aimOf } from '../../shared/ladder/actions.ts';
import type { ActResult } from '../../shared/ladder/input.ts';
import type { Intent, TargetReading } from '../../shared/ladder/intents.ts';
import { type ActReadings, mayAct } from '../../shared/ladder/may-act.ts';
import { nothingKnown, shop } from './ladder.ts';
import { type Recorder, startRecorder } from '../local/recorder/harness.ts';

const now = '2026-11-21T12:00:00.000Z';
/** the incident opened after all that is deployed here */
const later = '2026-11-21T23:00:00.000Z';
const alarms = { 'shop-smoke': { value: 'fail' as const, at: now, reason: '' } };

const clientsOn = ({ url }: Recorder) => ({
  ...clientConfig({ ...environmentFrom({ AWS_REGION: 'us-east-1' }), endpoint: url }),
  maxAttempts: 1,
});

/** Hands and eyes on a recorder, over the wire; the answers to what acts can be lost after they were given. */
const handsOn = (recorder: Recorder) => {
  const clients = createTargetClients(clientsOn(recorder));
  const broken = breakable(clients);
  const hands = createActions(createHands(clients));
  const eyes = createEyes(createTargetClients(clientsOn(recorder)));
  const act = (form: ActionConfig, actKey = 'production/shop#4.1', avoid: string[] = []) => {
    const aim = { actKey, level: 'service', avoid, deadline: '2026-11-21T13:00:00.000Z', ...aimOf(form, shop()) };
    const intent = aim as object as Intent;
    let target: TargetReading | undefined;
    const look = async (): Promise<ActReadings> => {
      const seen = { traffic: null, instances: null, ...(await eyes.before(shop(), intent, null)) };
      target = seen.target ?? undefined;
      return { released: true, alarms, readAt: now, ...seen };
    };
    const claim = () => ({ holder: 'me', attempt: '1', instances: [], at: now, ...(target && { target }) });
    return {
      look,
      may: async () => mayAct(intent, await look(), now, shop(), { ...nothingKnown, openedAt: later }),
      start: async (seen?: ActReadings) => hands.start(shop(), intent, seen ?? (await look())),
      readBack: () => hands.readBack(shop(), intent, claim()),
      after: ({ execution, instances, operation }: ActResult) =>
        eyes.after({ intent, claim: claim(), execution, instances, ...(operation !== undefined && { operation }) }),
    };
  };
  return { act, ...broken };
};

/** Puts itself before every client: loses answers, or answers itself. */
const breakable = (clients: TargetClients) => {
  let instead: ((call: () => Promise<unknown>) => Promise<unknown>) | null = null;
  for (const client of Object.values(clients)) {
    const { send } = client as { send: (command: object) => Promise<unknown> };
    const broken = (command: object) => {
      const call = () => send.call(client, command);
      return instead === null ? call() : instead(call);
    };
    Object.assign(client, { send: broken });
  }
  const error = (name: string, status: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
  return {
    whole: () => void (instead = null),
    loseAnswers: () => void (instead = async (call) => (await call(), Promise.reject(new Error('socket hang up')))),
    loseCalls: () => void (instead = () => Promise.reject(new Error('socket hang up'))),
    answer: (name: string, status = 400) => void (instead = () => Promise.reject(error(name, status))),
  };
};

/**
 * A recorder of its own for each test of a file, with what is there before it.
 *
 * @param setUp makes what is acted on
 */
export const onRecorder = (setUp: (recorder: Recorder) => Promise<unknown>) => {
  const on = {} as { recorder: Recorder; hands: ReturnType<typeof handsOn> };
  beforeEach(async () => {
    on.recorder = await startRecorder({ fails: ['web:3', 'broken.zip', 'shop-broken'] });
    on.hands = handsOn(on.recorder);
    await setUp(on.recorder);
  });
  afterEach(() => on.recorder.stop());
  return on;
};

type Hands = ReturnType<typeof handsOn>;

/** Begins what never reaches AWS; answers what is read back of it then. */
export const readBackUnsent = (hands: Hands, act: ReturnType<Hands['act']>) => readBackOf(hands.loseCalls, hands, act);

/** Begins what AWS does, and loses its answer; answers what is read back of it then. */
export const readBackUnheard = (hands: Hands, act: ReturnType<Hands['act']>) =>
  readBackOf(hands.loseAnswers, hands, act);

const readBackOf = async (lose: () => void, { whole }: Hands, act: ReturnType<Hands['act']>): Promise<ActResult> => {
  lose();
  await expect(act.start()).rejects.toThrow('socket hang up');
  whole();
  return act.readBack();
};
