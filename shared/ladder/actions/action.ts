import type { ActionConfig, LadderConfig } from '../../config/config.ts';
import type { Instant } from '../../trail/entry.ts';
import type { ActReadings } from '../may-act.ts';

/**
 * What doing it twice would do: `token` the API knows the second by its token, `natural` a state set twice is harmless,
 * `none` it would be done twice, so that it is called once and read back when the answer is lost.
 */
export type Contract = 'token' | 'natural' | 'none';

/** What every intent says. */
export type IntentBase = {
  /** `<ladder>#<version>.<n>`: also the FIFO deduplication id and the API's token */
  actKey: string;
  level: string;
  /** what is acted on; also the FIFO message group */
  target: string;
  /** by when its outcome must be known */
  deadline: Instant;
};

export type ActionName = ActionConfig['type'];

/** How an action is written in the configuration. */
export type Form<Name extends ActionName> = Extract<ActionConfig, { type: Name }>;

/** What an intent says beside that: all but the release, which the ladder chooses. */
export type Aim<Of extends IntentBase> = Omit<Of, 'actKey' | 'level' | 'deadline' | 'action' | 'release' | 'forCause'>;

export type Permission = { may: 'act' } | { may: 'wait'; reason: string } | { may: 'not'; reason: string };

export const wait = (reason: string): Permission => ({ may: 'wait', reason });
export const not = (reason: string): Permission => ({ may: 'not', reason });

/** A resource of this account and Region: what stands in its ARN before (`codepipeline`) and after (`shop/Deploy`). */
export type Resource = { service: string; name: string };

/** IAM actions, and what they are granted on; `*` only where AWS knows nothing narrower. */
export type Grant = { actions: string[]; on: Resource[] | '*' };

/**
 * All that is known of one kind of act without calling anybody: a file each. What calls AWS is its hand
 * (`functions/take-step/<name>.ts`) and its eye (`functions/support/eyes.ts`).
 */
export type Action<Of extends IntentBase & { action: ActionName }> = {
  contract: Contract;
  /**
   * what an intent of this level says besides, with what it acts on by the names of the configuration (`shop/Deploy`);
   * null where it acts on a service and the ladder is an environment's
   */
  aim(form: Form<Of['action']>, ladder: LadderConfig): Aim<Of> | null;
  /** the last question before it, asked of what its eye has just read; what is asked of every act was asked already */
  mayAct(intent: Of, readings: ActReadings): Permission;
  /** what it does, in words: `roll back to 9f8e7d6` */
  says(intent: Of): string;
  /** what its hand must be allowed */
  grants(form: Form<Of['action']>, ladder: LadderConfig): Grant[];
  /** what its eye must be allowed */
  sees(form: Form<Of['action']>, ladder: LadderConfig): Grant[];
};
