import type { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { alarmsOf, dimensionsOf, readBesides } from '../../shared/config/checks.ts';
import type { CheckConfig, LadderConfig } from '../../shared/config/config.ts';
import type { CheckReading, CheckReadings } from '../../shared/ladder/input.ts';
import type { LadderReads } from '../../shared/ladder/reads.ts';
import { readResult } from './pipeline-result.ts';
import { readProbe } from './probe.ts';

/**
 * LadderReads the checks of a ladder, each from its source. Alarms last, so that they are the freshest.
 *
 * @param withMetrics whether the metrics of alarms that fail are read too, as before a drastic act
 */
export const readChecksOf = async (
  reads: LadderReads,
  config: LadderConfig,
  withMetrics = false,
): Promise<CheckReadings> => {
  const besides = readBesides(config);
  const sources = besides.length === 0 ? {} : { sources: await reads.sources(besides) };
  return { alarms: await reads.alarms(alarmsOf(config), dimensionsOf([config]), withMetrics), ...sources };
};

/** LadderReads probes and results of pipelines, all at once; null where one of them could not be read. */
export const readSources = async (
  pipelines: CodePipelineClient,
  checks: readonly CheckConfig[],
  now: () => Date,
): Promise<{ [check: string]: CheckReading } | null> => {
  try {
    const read = await Promise.all(checks.map(async (check) => [check.name, await readSource(pipelines, check, now)]));
    return Object.fromEntries(read.filter(([, reading]) => reading !== null)) as { [check: string]: CheckReading };
  } catch {
    return null;
  }
};

const readSource = (
  pipelines: CodePipelineClient,
  check: CheckConfig,
  now: () => Date,
): Promise<CheckReading | null> => {
  if ('probe' in check) return readProbe(check.probe, now);
  return 'pipeline' in check ? readResult(pipelines, check, now) : Promise.resolve(null);
};
