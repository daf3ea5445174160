import type { CheckConfig, LadderConfig } from './config.ts';

/** The CloudWatch alarms that the checks of a ladder look at. */
export const alarmsOf = ({ checks }: Pick<LadderConfig, 'checks'>): string[] =>
  Object.values(checks).flatMap(({ alarm }) => alarm ?? []);

/** The checks of a ladder whose source is read and is no alarm: probes, and results of pipelines. */
export const readBesides = ({ checks }: Pick<LadderConfig, 'checks'>): CheckConfig[] =>
  Object.values(checks).filter((check) => 'probe' in check || 'pipeline' in check);

/** The pipelines whose results are checks of a ladder. */
export const pipelinesChecked = ({ checks }: Pick<LadderConfig, 'checks'>): string[] =>
  Object.values(checks).flatMap((check) => ('pipeline' in check ? check.pipeline : []));

/** Where a check's value comes from, in words. */
export const sourceOf = (check: CheckConfig): string => {
  if (check.alarm !== undefined) return `alarm ${check.alarm}`;
  if ('probe' in check) return `GET ${check.probe.url}`;
  if ('fail' in check) return 'events that match a pattern';
  return `pipeline ${check.pipeline}${check.stage === null ? '' : `, stage ${check.stage}`}`;
};
