import type { Instant } from '../trail/entry.ts';
import type { Release } from './events.ts';

/** What we are about to do. Durable before anything is done; carried out by take-step and by nothing else. */
export type Intent = Redeploy | ReplaceInstances | StartPipeline;

type IntentBase = {
  /** `<ladder>#<version>.<n>`: also the FIFO deduplication id and the API's token */
  actKey: string;
  level: string;
  /** what is acted on; also the FIFO message group */
  target: string;
  /** by when its outcome must be known */
  deadline: Instant;
};

export type Redeploy = IntentBase & {
  action: 'redeploy';
  pipeline: string;
  stage: string;
  /** the release to put there */
  release: Release;
  /** set when this goes back to last good because the running release is the cause */
  forCause: Cause | null;
};

/** That somebody is doing it: who, in which of its attempts, and the instances that are given up, where some are. */
export type Claim = { holder: string; attempt: string; instances: string[] };

/** Why a release is gone back from, and quarantined once that is done. */
export type Cause = { release: string; commit: string; check: string; reason: string };

export type ReplaceInstances = IntentBase & { action: 'replace-instances'; group: string };

/** Runs a pipeline that builds what is below the service: a network, a cluster, an account's foundation. */
export type StartPipeline = IntentBase & { action: 'start-pipeline'; pipeline: string };
