import type { Dimensions } from '../config/checks.ts';
import type { CheckConfig, LadderConfig } from '../config/config.ts';
import type { Sourced } from './events.ts';
import type { Phase } from './incident.ts';
import type { AlarmReading, CheckReading, ExecutionReading, OutcomeReading } from './input.ts';
import type { Intent } from './intents.ts';
import type { Past, Span } from './past.ts';
import type { TargetReadings } from './may-act.ts';

/**
 * What the ladder reads from the world. A port: adapters stand in `functions/support/`. Each answers null when the
 * source could not be read; nobody takes that for a pass.
 */
export interface Reads {
  /**
   * the state of alarms by name; an alarm that does not exist is absent. Of those that fail also what their metric says,
   * where wanted, and what fails of the dimensions that are asked for
   */
  alarms(
    names: readonly string[],
    dimensions: Dimensions,
    withMetrics?: boolean,
  ): Promise<{ [alarm: string]: AlarmReading } | null>;
  /** how probes and results of pipelines stand, by the name of the check; one that says nothing new is absent */
  sources(checks: readonly CheckConfig[]): Promise<{ [check: string]: CheckReading } | null>;
  /** when alarms passed within a time, by their histories; null where they cannot be read */
  past(alarms: readonly string[], within: Span): Promise<Past | null>;
  execution(pipeline: string, execution: string): Promise<ExecutionReading | null>;
  /** who wrote a commit, and which of the refused commits it has among its ancestors */
  sourced(repository: string, commit: string, refused: string[]): Promise<Sourced>;
  /** how a step under way stands */
  outcome(step: StepUnderWay): Promise<OutcomeReading | null>;
  /**
   * what its action wants to know of the target of an act right before it
   * @param running the execution that put there what runs
   */
  before(ladder: LadderConfig, intent: Intent, running: string | null): Promise<TargetReadings>;
  /** the text of the kill switch (`kill-switch.ts` says what it means); null counts as thrown */
  killSwitch(): Promise<string | null>;
  /** what reads for a ladder that is elsewhere; absent where all are in one place */
  of?: (ladder: LadderConfig) => Reads;
}

/** All of that but what only an act asks for. */
export type LadderReads = Omit<Reads, 'before' | 'of'> & { of?: (ladder: LadderConfig) => LadderReads };

export type StepUnderWay = Pick<
  Extract<Phase, { name: 'acting' }>,
  'intent' | 'claim' | 'execution' | 'instances' | 'operation'
>;

/** What moves in a pipeline besides the execution that put there what runs; in the stage, where one is asked about. */
export type Traffic = {
  newer: string | null;
  stageBusy: string | null;
  /** there is no such pipeline: that is known, and waiting for it helps nobody */
  missing?: true;
  /** what CodePipeline or a person does already to mend it, said whole; absent where nothing is */
  healing?: string;
  /** who closed the way into it, said whole; absent where it is open */
  closed?: string;
};
