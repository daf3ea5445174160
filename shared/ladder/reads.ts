import type { Sourced } from './events.ts';
import type { Intent } from './intents.ts';
import type { AlarmReading, ExecutionReading } from './input.ts';

/**
 * What the ladder reads from the world. A port: adapters stand in `functions/support/`. Each answers null when the
 * source could not be read; nobody takes that for a pass.
 */
export interface Reads {
  /** the state of alarms by name; an alarm that does not exist is absent */
  alarms(names: string[]): Promise<{ [alarm: string]: AlarmReading } | null>;
  execution(pipeline: string, execution: string): Promise<ExecutionReading | null>;
  /** who wrote a commit, and which of the refused commits it has among its ancestors */
  sourced(repository: string, commit: string, refused: string[]): Promise<Sourced>;
  /** how a step under way stands */
  outcome(step: StepUnderWay): Promise<{ status: 'running' | 'done' | 'failed'; reason: string } | null>;
  /** what moves in a pipeline besides the execution that put there what runs; the stage, where one is asked about */
  traffic(of: { pipeline: string; stage: string | null }, running: string | null): Promise<Traffic | null>;
  /** ids of the instances in service in an Auto Scaling group */
  instances(group: string): Promise<string[] | null>;
  /** the text of the kill switch (`kill-switch.ts` says what it means); null counts as thrown */
  killSwitch(): Promise<string | null>;
}

export type StepUnderWay = { intent: Intent; execution: string | null; instances: string[] };
export type Traffic = { newer: string | null; stageBusy: string | null };
