import type { CheckConfig, Config, LadderConfig } from '../config/config.ts';
import { linkOf } from './link.ts';

/** Where Escalator is, as links and commands need it: `endpoint` is null on AWS itself. */
export type Site = { region: string; endpoint: string | null };

const consoleOf = (region: string): string => {
  if (region.startsWith('cn-')) return `https://${region}.console.amazonaws.cn`;
  return region.startsWith('us-gov-')
    ? `https://${region}.console.amazonaws-us-gov.com`
    : `https://${region}.console.aws.amazon.com`;
};

/** The console's page of an execution; null on one machine. */
export const executionLink = ({ region, endpoint }: Site, pipeline: string, execution: string): string | null =>
  endpoint !== null
    ? null
    : `${consoleOf(region)}/codesuite/codepipeline/pipelines/${encodeURIComponent(pipeline)}/executions/${encodeURIComponent(execution)}/timeline?region=${region}`;

/** The console's page of the alarm that a check looks at; null where it looks at none or at many, and on one machine. */
export const alarmLink = ({ region, endpoint }: Site, { alarm }: CheckConfig): string | null =>
  endpoint !== null || alarm === undefined
    ? null
    : `${consoleOf(region)}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(alarm)}`;

/** The page's story of an incident, or the page itself; null where nobody says where the page is. */
export const pageLink = (page: string | null, incident: string | null): string | null => {
  const base = linkOf(page)?.replace(/#.*$/, '') ?? null;
  return base === null || incident === null ? base : `${base}#incident=${encodeURIComponent(incident)}`;
};

/** What the person who is called reads next: the runbook of a check that fails, else that of the service. */
export const runbookLink = (ladder: LadderConfig | null, failing: string[]): string | null => {
  const ofCheck = failing.map((name) => ladder?.checks[name]?.runbook).find((link) => link !== undefined);
  return linkOf(ofCheck ?? ladder?.runbook);
};

/** What is told about Escalator itself, by how its alert is called, and the heading that says what to do. */
const ownHeadings: [RegExp, string][] = [
  [/^altered\//, 'The trail was altered'],
  [/^misdated\//, 'The time of recording went back'],
  [/^gap\//, 'The record has a gap'],
];

/** The runbook's heading for an alert about Escalator itself, in the repository or where the configuration says it is. */
export const ownRunbook = ({ runbook }: Pick<Config, 'runbook'>, id: string): string | null => {
  const heading = ownHeadings.find(([name]) => name.test(id))?.[1];
  if (heading === undefined) return null;
  const anchor = heading.toLowerCase().replaceAll(' ', '-');
  return `${linkOf(runbook)?.replace(/#.*$/, '') ?? 'docs/runbook.md'}#${anchor}`;
};
