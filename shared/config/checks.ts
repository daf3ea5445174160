import type { CheckConfig, LadderConfig } from './config.ts';

/** The CloudWatch alarms that a check looks at. */
export const alarmsOfCheck = (check: CheckConfig): string[] =>
  'per' in check ? check.alarms : [check.alarm ?? []].flat();

/** The CloudWatch alarms that the checks of a ladder look at. */
export const alarmsOf = ({ checks }: Pick<LadderConfig, 'checks'>): string[] =>
  Object.values(checks).flatMap(alarmsOfCheck);

/** Of the alarms whose failing values are asked for one by one: by which dimensions. */
export const dimensionsOf = (ladders: Pick<LadderConfig, 'checks'>[]): Dimensions => {
  const asked = ladders
    .flatMap(({ checks }) => Object.values(checks))
    .flatMap((check) => ('per' in check ? check.alarms.map((alarm) => ({ alarm, per: check.per })) : []));
  if (asked.length === 0) return none;
  return new Map(
    [...Map.groupBy(asked, ({ alarm }) => alarm)].map(([alarm, all]) => [alarm, all.map(({ per }) => per)]),
  );
};
export type Dimensions = ReadonlyMap<string, string[]>;
const none: Dimensions = new Map();

/** The checks of a ladder whose source is read and is no alarm: probes, and results of pipelines. */
export const readBesides = ({ checks }: Pick<LadderConfig, 'checks'>): CheckConfig[] =>
  Object.values(checks).filter((check) => 'probe' in check || 'pipeline' in check);

/** The pipelines whose results are checks of a ladder. */
export const pipelinesChecked = ({ checks }: Pick<LadderConfig, 'checks'>): string[] =>
  Object.values(checks).flatMap((check) => ('pipeline' in check ? check.pipeline : []));

/** Where a check's value comes from, in words. */
export const sourceOf = (check: CheckConfig): string => {
  if (check.alarm !== undefined) return `alarm ${check.alarm}`;
  if ('per' in check)
    return `${check.alarms.length === 1 ? 'alarm' : 'alarms'} ${check.alarms.join(', ')} per ${check.per}`;
  if ('probe' in check) return `GET ${check.probe.url}`;
  if ('fail' in check) return 'events that match a pattern';
  return `pipeline ${check.pipeline}${check.stage === null ? '' : `, stage ${check.stage}`}`;
};
