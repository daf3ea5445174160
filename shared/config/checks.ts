import type { CheckConfig, LadderConfig } from './config.ts';

/** The CloudWatch alarms that a check looks at. */
export const alarmsOfCheck = (check: CheckConfig): string[] => {
  if ('per' in check) return check.alarms;
  return check.alarm === undefined ? [] : [check.alarm];
};

type Checks = LadderConfig['checks'];

/** Checks stay as they were configured, and each ladder's are looked at every minute: what is in them is found once. */
const foundOnce = <Found>(find: (checks: CheckConfig[]) => Found): ((of: { checks: Checks }) => Found) => {
  const known = new WeakMap<Checks, Found>();
  return ({ checks }) => {
    const found = known.get(checks) ?? find(Object.values(checks));
    known.set(checks, found);
    return found;
  };
};

/** The CloudWatch alarms that the checks of a ladder look at. */
export const alarmsOf = foundOnce<readonly string[]>((checks) => checks.flatMap(alarmsOfCheck));

const readBySeries = foundOnce((checks) => checks.filter((check) => 'per' in check));

/** Of the alarms whose failing values are asked for one by one: by which dimensions. */
export const dimensionsOf = (ladders: Pick<LadderConfig, 'checks'>[]): Dimensions => {
  const asked = new Map<string, string[]>();
  for (const check of ladders.flatMap(readBySeries))
    for (const alarm of check.alarms) asked.set(alarm, [...(asked.get(alarm) ?? []), check.per]);
  return asked;
};
export type Dimensions = ReadonlyMap<string, string[]>;

/** The checks of a ladder whose source is read and is no alarm: probes, and results of pipelines. */
export const readBesides = foundOnce<readonly CheckConfig[]>((checks) =>
  checks.filter((check) => 'probe' in check || 'pipeline' in check),
);

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
