import { describe, expect, it } from 'vitest';
import type { ActionName } from '../../shared/ladder/actions/action.ts';
import { parseConfig } from '../../shared/config/parse.ts';
import type { Config } from '../../shared/config/config.ts';
import { actionsOf, type Statement, statements, templateOf } from './template.ts';

/** What take-step may do to targets where one level does this, by the action, with the end of each resource's ARN. */
const granted: { [Name in ActionName]: { written: string; may: [string, string][] } } = {
  redeploy: {
    written: 'redeploy',
    may: [
      ['codepipeline:RollbackStage', ':web/Live'],
      ['codepipeline:StartPipelineExecution', ':web'],
    ],
  },
  'replace-instances': {
    written: '{ replace-instances: web-asg }',
    may: [['autoscaling:SetInstanceHealth', ':autoScalingGroup:*:autoScalingGroupName/web-asg']],
  },
  'retry-stage': { written: 'retry-stage', may: [['codepipeline:RetryStageExecution', ':web/Live']] },
  'start-pipeline': {
    written: '{ start-pipeline: network }',
    may: [['codepipeline:StartPipelineExecution', ':network']],
  },
  'restart-service': { written: '{ restart-service: main/web }', may: [['ecs:UpdateService', ':service/main/web']] },
  'previous-task-definition': {
    written: '{ previous-task-definition: main/web }',
    may: [['ecs:UpdateService', ':service/main/web']],
  },
  'stop-service-deployment': {
    written: '{ stop-service-deployment: main/web }',
    may: [
      ['ecs:StopServiceDeployment', ':service/main/web'],
      ['ecs:StopServiceDeployment', ':service-deployment/main/web/*'],
    ],
  },
  'stop-deployment': { written: '{ stop-deployment: web/blue }', may: [['codedeploy:StopDeployment', '*']] },
  'refresh-instances': {
    written: '{ refresh-instances: web-asg }',
    may: [['autoscaling:StartInstanceRefresh', ':autoScalingGroup:*:autoScalingGroupName/web-asg']],
  },
  'previous-version': { written: '{ previous-version: web:live }', may: [['lambda:UpdateAlias', ':function:web']] },
  'run-automation': {
    written: '{ run-automation: rebuild }',
    may: [
      ['ssm:StartAutomationExecution', ':document/rebuild'],
      ['ssm:StartAutomationExecution', ':automation-definition/rebuild:*'],
      ['ssm:StartAutomationExecution', ':automation-execution/*'],
      ['ssm:AddTagsToResource', ':automation-execution/*'],
    ],
  },
  'stop-execution': { written: '{ stop-execution: abandon }', may: [['codepipeline:StopPipelineExecution', ':web']] },
};

const configured = (written: string, mode: string): Config => {
  const text = `version: 1
environments:
  live:
    services:
      web:
        pipeline: web
        stage: Live
        checks: { up: { alarm: web-up, level: mend } }
        ladder: [{ level: mend, do: ${written}, mode: ${mode} }]
archive: { lock: none }
topics: { sre: { sns: escalator-sre } }
`;
  const read = parseConfig(text, 'escalator.yaml');
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  return read.config;
};

/** What changes something outside of Escalator. */
const acts = /^(autoscaling|codedeploy|codepipeline|ecs|lambda|ssm):(?!Describe|Get|List|BatchGet)/;

const ofTakeStep = (config: Config): [string, string][] =>
  statements(templateOf(config))
    .filter(([id]) => id.startsWith('HealerTakeStep'))
    .flatMap(([, statement]) =>
      actionsOf(statement).flatMap((action) => endsOf(statement).map((end): [string, string] => [action, end])),
    )
    .filter(([action]) => acts.test(action));

/** The resources of a statement from the account on: what is before it is the same for all. */
const endsOf = ({ Resource }: Statement): string[] =>
  [Resource].flat().map((resource) => {
    const parts = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [resource];
    return String(parts.at(-1));
  });

describe.each(Object.entries(granted))('a level that does %s', (_name, { written, may }) => {
  it('lets take-step do that, to what it names, and nothing else', () => {
    expect(ofTakeStep(configured(written, 'act'))).toEqual(may);
    expect(ofTakeStep(configured(written, 'ask'))).toEqual(may);
  });

  it('lets it do nothing where it only observes', () => {
    expect(ofTakeStep(configured(written, 'observe'))).toEqual([]);
  });
});
