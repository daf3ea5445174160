import * as z from 'zod';
import {
  deploymentGroup,
  dimension,
  document,
  ecsService,
  functionAlias,
  group,
  mapping,
  parameter,
  pipeline,
  role,
} from './words.ts';

const whole = 'a mapping';

/** Both sides of `CLUSTER/SERVICE` and its like; names hold no slash or colon, so that there is one way to read it. */
const parts = (text: string): [string, string] => {
  const [first = '', second = ''] = text.split(/[/:]/);
  return [first, second];
};

const onService = <Name extends 'restart-service' | 'previous-task-definition' | 'stop-service-deployment'>(
  type: Name,
) =>
  mapping({ [type]: ecsService } as { [key in Name]: typeof ecsService }, whole).transform((written) => {
    const [cluster, service] = parts((written as { [key in Name]: string })[type]);
    return { type, cluster, service };
  });

/** A parameter that is given what fails: the values of a dimension that a check names. */
const failing = mapping({ per: dimension }, 'what fails, such as { per: InstanceId }');
const isFailing = (text: unknown): text is z.output<typeof failing> =>
  typeof text === 'object' && text !== null && 'per' in text;
const textWanted = 'a text, a list of texts, or { per: DIMENSION } for what fails';

const automation = mapping(
  {
    'run-automation': document,
    role: role.optional(),
    parameters: z
      .record(parameter, z.union([z.string(), z.array(z.string()), failing], textWanted), 'names and texts')
      .refine((all) => Object.values(all).filter(isFailing).length < 2, 'what fails in one parameter at most')
      .default({}),
  },
  whole,
).transform((written) => {
  const all = Object.entries(written.parameters);
  const given = all.flatMap(([name, text]) => (isFailing(text) ? [{ parameter: name, per: text.per }] : []))[0];
  return {
    type: 'run-automation' as const,
    document: written['run-automation'],
    role: written.role ?? null,
    parameters: Object.fromEntries(all.flatMap(([name, text]) => (isFailing(text) ? [] : [[name, [text].flat()]]))),
    ...(given !== undefined && { failing: given }),
  };
});

/** What a level may do, as it is written: one form for each action, and how each is shown to who wrote none of them. */
const forms = {
  redeploy: z.literal('redeploy').transform(() => ({ type: 'redeploy' }) as const),
  'retry-stage': z.literal('retry-stage').transform(() => ({ type: 'retry-stage' }) as const),
  'stop-execution': z.literal('stop-execution').transform(() => ({ type: 'stop-execution', abandon: false }) as const),
  '{ stop-execution: abandon }': mapping(
    { 'stop-execution': z.literal('abandon', 'abandon, or no more than stop-execution') },
    whole,
  ).transform(() => ({ type: 'stop-execution', abandon: true }) as const),
  '{ replace-instances: NAME-OF-AN-AUTO-SCALING-GROUP }': mapping({ 'replace-instances': group }, whole).transform(
    (written) => ({ type: 'replace-instances', group: written['replace-instances'] }) as const,
  ),
  '{ start-pipeline: NAME-OF-A-PIPELINE }': mapping({ 'start-pipeline': pipeline }, whole).transform(
    (written) => ({ type: 'start-pipeline', pipeline: written['start-pipeline'] }) as const,
  ),
  '{ refresh-instances: NAME-OF-AN-AUTO-SCALING-GROUP }': mapping({ 'refresh-instances': group }, whole).transform(
    (written) => ({ type: 'refresh-instances', group: written['refresh-instances'] }) as const,
  ),
  '{ restart-service: CLUSTER/SERVICE }': onService('restart-service'),
  '{ previous-task-definition: CLUSTER/SERVICE }': onService('previous-task-definition'),
  '{ stop-service-deployment: CLUSTER/SERVICE }': onService('stop-service-deployment'),
  '{ stop-deployment: APPLICATION/GROUP }': mapping({ 'stop-deployment': deploymentGroup }, whole).transform(
    (written) => {
      const [application, of] = parts(written['stop-deployment']);
      return { type: 'stop-deployment', application, group: of } as const;
    },
  ),
  '{ previous-version: FUNCTION:ALIAS }': mapping({ 'previous-version': functionAlias }, whole).transform((written) => {
    const [of, alias] = parts(written['previous-version']);
    return { type: 'previous-version', function: of, alias } as const;
  }),
  '{ run-automation: DOCUMENT }': automation,
};

const all = Object.values(forms);

export const action = z.union(all, `one of ${Object.keys(forms).join(', ')}`);
