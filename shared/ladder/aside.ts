import type { Instant } from '../trail/entry.ts';
import { actionOf, describeIntent } from './actions.ts';
import type { Phase } from './incident.ts';
import type { TargetReading } from './intents.ts';
import type { LadderState } from './state.ts';

/** An act that went around the pipeline: what runs since then is not what the pipeline put there. */
export type Aside = {
  at: Instant;
  target: string;
  /** what it did, in words */
  did: string;
  /** what it left behind: a task definition, a version; null where the service chose itself */
  left: string | null;
};

/** As many are remembered. */
const asideKept = 20;

/** What was gone back from is not gone back to for this long. */
const leftForMs = 24 * 3_600_000;

/** Takes note of an act that begins, where it goes around the pipeline. */
export const noteAside = (state: LadderState, now: Instant): LadderState => {
  const phase = state.incident?.phase;
  if (phase?.name !== 'acting' || phase.started || actionOf(phase.intent).aside !== true) return state;
  return { ...state, aside: [...state.aside, asideOf(phase, now)].slice(-asideKept) };
};

const asideOf = ({ intent, claim }: Extract<Phase, { name: 'acting' }>, at: Instant): Aside => ({
  at,
  target: intent.target,
  did: describeIntent(intent),
  left: actionOf(intent).goesBack === true ? leftIn(claim?.target) : null,
});

const leftIn = (target: TargetReading | undefined): string | null => {
  if (target?.of === 'ecs-service') return target.taskDefinition;
  return target?.of === 'alias' ? target.version : null;
};

/** What is not to be gone back to on a target: what was gone back from there within 24 h. */
export const leftBehind = ({ aside }: Pick<LadderState, 'aside'>, target: string, now: Instant): string[] =>
  aside.flatMap((one) => (one.target === target && one.left !== null && isRecent(one, now) ? [one.left] : []));

const isRecent = ({ at }: Aside, now: Instant): boolean => Date.parse(now) - Date.parse(at) < leftForMs;

/** The last act that went around the pipeline; null once the pipeline put a release there after it. */
export const divergedBy = ({ aside, releases }: Pick<LadderState, 'aside' | 'releases'>): Aside | null => {
  const last = aside.at(-1) ?? null;
  const [newest] = releases;
  return last === null || newest === undefined || newest.reachedAt < last.at ? last : null;
};
