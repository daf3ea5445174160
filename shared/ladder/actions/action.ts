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
  /** what of it is acted on, where it is known by name what fails; absent: all of it */
  targets?: string[];
};

export type ActionName = ActionConfig['type'];

/** How an action is written in the configuration. */
export type Form<Name extends ActionName> = ActionConfig extends infer One
  ? One extends { type: infer Type }
    ? Name extends Type
      ? Omit<One, 'type'> & { type: Name }
      : never
    : never
  : never;

/** What an intent says beside that: all but what the ladder chooses, the release, or what is to be avoided. */
export type Aim<Of extends IntentBase> = Omit<
  Of,
  'actKey' | 'level' | 'deadline' | 'targets' | 'action' | 'release' | 'forCause' | 'avoid'
>;

/** `already`: what it would bring about is so; it is passed by, unless its own check says that it is not so. */
export type Permission = { may: 'act' } | { may: 'wait' | 'not' | 'already'; reason: string };

/** What the ladder knows that its readings do not say. */
export type Known = {
  /** a person chose this very level, or approved it */
  chosen: boolean;
  /** since when the incident is open: what began later may be somebody's answer to it */
  openedAt: Instant;
  /** why a commit is refused here; null where it is not */
  refusal: (commit: string) => string | null;
  /** whether a commit was here before */
  delivered: (commit: string) => boolean;
  /** how much it may take at once, where a check says by name what fails; null where none does */
  limit: number | null;
};

export const wait = (reason: string): Permission => ({ may: 'wait', reason });
export const not = (reason: string): Permission => ({ may: 'not', reason });
export const already = (reason: string): Permission => ({ may: 'already', reason });

/**
 * Before a deployment is stopped. One that began after the incident did may be the fix: only a person stops it.
 * @param underWay since when the service itself says that it is under way
 */
export const mayStop = ({ id, since }: { id: string; since: Instant }, { chosen, openedAt }: Known): Permission =>
  chosen || since < openedAt
    ? { may: 'act' }
    : wait(`deployment ${id} began after the incident did and may be the fix: only a person may stop it`);

/** A resource of this account and Region: what stands in its ARN before (`codepipeline`) and after (`shop/Deploy`). */
export type Resource = { service: string; name: string };

/** A role that is handed on with a call, by its ARN: it is granted, and not acted on. */
export type Passed = { arn: string };

/** IAM actions, and what they are granted on; `*` only where AWS knows nothing narrower. */
export type Grant = { actions: string[]; on: Resource[] | Passed[] | '*' };

/** What people look up of an action. */
export type About = {
  /** how it is written after `do:`, by example */
  written: string;
  /** what it does, and what it is never done to */
  does: string;
  /** how it is known what became of it, where its answer was lost too */
  known: string;
};

/**
 * All that is known of one kind of act without calling anybody: a file each. What calls AWS is its hand
 * (`functions/take-step/<name>.ts`) and its eye (`functions/support/eyes.ts`).
 */
export type Action<Of extends IntentBase & { action: ActionName }> = {
  contract: Contract;
  /** what runs afterwards is not what the pipeline put there */
  aside?: true;
  /** it takes a service back to what was before, around its pipeline: it counts as a rollback */
  goesBack?: true;
  /** for `docs/reference/actions.md`, which is made of it */
  about: About;
  /**
   * it goes on with an execution that was there: a failure that is told of that may be the one it is to mend, so that
   * only asking tells
   */
  resumes?: true;
  /**
   * the dimension whose failing values it acts on; null where the level was given none. An action without this acts on the
   * whole, whatever of it fails
   */
  takes?(form: Form<Of['action']>): string | null;
  /** it has nothing to do where nothing fails by its name: without it, it acts on the whole then */
  onlyTargets?: true;
  /**
   * what an intent of this level says besides, with what it acts on by the names of the configuration (`shop/Deploy`);
   * null where it acts on a service and the ladder is an environment's
   */
  aim(form: Form<Of['action']>, ladder: LadderConfig): Aim<Of> | null;
  /** the last question before it, asked of what its eye has just read; what is asked of every act was asked already */
  mayAct(intent: Of, readings: ActReadings, known: Known): Permission;
  /** what it does, in words: `roll back to 9f8e7d6` */
  says(intent: Of): string;
  /** what its hand must be allowed */
  grants(form: Form<Of['action']>, ladder: LadderConfig): Grant[];
  /** what its eye must be allowed */
  sees(form: Form<Of['action']>, ladder: LadderConfig): Grant[];
};
