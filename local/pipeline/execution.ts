import type { ActionResult } from './provider.ts';

/** An execution of a pipeline as it is recorded; times are milliseconds since 1970. */
export type Execution = {
  id: string;
  pipeline: string;
  /** version of the structure it runs on, to its end, whatever is updated meanwhile */
  version: number;
  type: 'STANDARD' | 'ROLLBACK';
  /** the execution a ROLLBACK goes back to */
  rollbackTarget: string | null;
  status: 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Failed' | 'Superseded';
  statusSummary: string | null;
  /** the reason that was given for stopping it; absent where nobody did */
  stopReason?: string;
  trigger: { triggerType: string; triggerDetail: string };
  startedAt: number;
  updatedAt: number;
  /** 1, and one more for each retry */
  attempt: number;
  /** the stages it goes through, in order: all of them, or for a ROLLBACK the one that is rolled back */
  route: string[];
  /** the stages it has entered, by name */
  stages: { [stage: string]: StageRun };
  /** commits asked for instead of the branch's newest, by source action */
  overrides: { [action: string]: string };
  revisions: Revision[];
  /** where each artifact produced so far is, by name */
  artifacts: { [artifact: string]: string };
};

export type StageRun = {
  status: 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Failed';
  /** the execution's attempt in which the stage was entered or last retried */
  attempt: number;
  startedAt: number;
  retry: { mode: RetryMode; at: number; times: number } | null;
};

export type RetryMode = 'FAILED_ACTIONS' | 'ALL_ACTIONS';

/** What a source action found. */
export type Revision = { action: string; artifact: string; commit: string; summary: string; createdAt: number };

/** One run of one action (an "action execution"). */
export type ActionRun = {
  id: string;
  pipeline: string;
  version: number;
  execution: string;
  stage: string;
  action: string;
  attempt: number;
  /** what an abandoned run began goes on, and no longer counts */
  status: 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed';
  startedAt: number;
  updatedAt: number;
  inputs: Artifact[];
  outputs: Artifact[];
  result: ActionResult | null;
  /** the newest build it started, for CodeBuild actions */
  build: Build | null;
};

/** `location` is the folder below the artifacts directory, and the key of the artifact's S3 location. */
export type Artifact = { name: string; location: string };

export type BuildStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

export type Build = {
  /** `<project>:<uuid>` */
  id: string;
  project: string;
  status: BuildStatus;
  startedAt: number;
  timeoutSeconds: number;
  logFile: string;
  phases: BuildPhase[];
};

export type BuildPhase = {
  type: PhaseType;
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  startedAt: number;
  endedAt: number;
  /** why it failed, in CodeBuild's words, or empty */
  context: string;
};

export type PhaseType =
  | 'SUBMITTED'
  | 'PROVISIONING'
  | 'DOWNLOAD_SOURCE'
  | 'INSTALL'
  | 'PRE_BUILD'
  | 'BUILD'
  | 'POST_BUILD'
  | 'UPLOAD_ARTIFACTS'
  | 'FINALIZING'
  | 'COMPLETED';
