import * as words from '../config/schema/words.ts';
import type { AlarmSeen, Deploys, Inventory, PipelineSeen, StageSeen } from './inventory.ts';
import { deploysOf } from './inventory.ts';
import { bareName, environmentIn, nameFrom, unique } from './names.ts';

/** Something that is guessed, and why. */
export type Guess<Value> = { value: Value; why: string };

export type DraftCheck = {
  name: string;
  source: { alarm: string } | { pipeline: string; stage: string };
  level: string;
  why: string;
};
export type DraftLevel = { level: string; does: { action: string; target: string | null }; why: string };

/** A service as it is proposed. */
export type DraftService = {
  environment: Guess<string>;
  service: Guess<string>;
  pipeline: string;
  stage: Guess<string>;
  repository: Guess<string> | null;
  checks: DraftCheck[];
  levels: DraftLevel[];
  remarks: string[];
};

/** A service for each stage that deploys; none of a pipeline that deploys nothing. */
export const draftServices = (inventory: Inventory, pipeline: PipelineSeen): DraftService[] => {
  const stages = pipeline.stages.filter(({ actions }) => actions.some((action) => deploysOf(action) !== null));
  return stages.map((stage, at) => draftService(inventory, pipeline, stage, at === stages.length - 1));
};

const draftService = (inventory: Inventory, pipeline: PipelineSeen, stage: StageSeen, last: boolean): DraftService => {
  const environment = environmentOf(pipeline, stage, last);
  const service = {
    value: nameFrom(bareName(pipeline.name), 'service'),
    why: `from the name of pipeline ${pipeline.name}`,
  };
  const deploys = stage.actions.flatMap((action) => deploysOf(action) ?? []);
  const about = alarmsAbout(inventory, { environment: environment.value, service: service.value, pipeline, deploys });
  const levels = levelsFor(inventory, deploys, about);
  const checks = checksFor(pipeline, stage, service.value, about, levels);
  return {
    environment,
    service,
    pipeline: pipeline.name,
    stage: { value: stage.name, why: `it deploys by ${deploys.map(sayDeploys).join(' and ')}` },
    repository: repositoryOf(pipeline),
    checks,
    levels,
    remarks: remarksOn(pipeline, stage),
  };
};

const environmentOf = (pipeline: PipelineSeen, stage: StageSeen, last: boolean): Guess<string> => {
  const texts = [
    `stage ${stage.name}`,
    ...stage.actions.map(({ name }) => `action ${name}`),
    `pipeline ${pipeline.name}`,
  ];
  for (const text of texts) {
    const found = environmentIn(text.slice(text.indexOf(' ')));
    if (found !== null) return { value: found.environment, why: `${text} says ${found.word}` };
  }
  const where = `stage ${stage.name} of pipeline ${pipeline.name}`;
  return last
    ? { value: 'production', why: `${where} deploys last and names no environment` }
    : { value: nameFrom(stage.name.toLowerCase(), 'staging'), why: `${where} deploys, and not last` };
};

const sayDeploys = (deploys: Deploys): string => {
  switch (deploys.to) {
    case 'ecs':
      return `ECS to service ${deploys.service} in cluster ${deploys.cluster}`;
    case 'group':
      return `CodeDeploy to group ${deploys.group} of ${deploys.application}`;
    case 'stack':
      return `CloudFormation to stack ${deploys.stack}`;
    case 'other':
      return deploys.provider;
  }
};

const repositoryOf = ({ stages }: PipelineSeen): Guess<string> | null => {
  const source = stages.flatMap(({ actions }) => actions).find(({ category }) => category === 'Source');
  const name = source?.provider === 'CodeCommit' ? source.configuration['RepositoryName'] : undefined;
  if (name === undefined || !words.repository.safeParse(name).success) return null;
  return { value: name, why: `action ${source?.name} takes it from there` };
};

type Subject = { environment: string; service: string; pipeline: PipelineSeen; deploys: Deploys[] };
export type About = { alarm: AlarmSeen; why: string };

/** The alarms that say by a dimension or by their name that they are about this. */
const alarmsAbout = ({ alarms, deploymentGroups }: Inventory, subject: Subject): About[] => {
  const named = new Set([
    subject.service,
    subject.pipeline.name,
    ...subject.deploys.flatMap((one) => namesIn(one, deploymentGroups)),
  ]);
  return alarms.flatMap((alarm): About[] => {
    if (!words.alarm.safeParse(alarm.name).success) return [];
    const elsewhere = environmentIn([alarm.name, ...Object.values(alarm.dimensions)].join(' '));
    if (elsewhere !== null && elsewhere.environment !== subject.environment) return [];
    const dimension = Object.entries(alarm.dimensions).find(([, value]) => named.has(value));
    if (dimension !== undefined) return [{ alarm, why: `alarm ${alarm.name} is about ${dimension.join(' ')}` }];
    const begins = alarm.name.toLowerCase().startsWith(subject.service.toLowerCase());
    return begins && !/^[a-z0-9]/i.test(alarm.name.slice(subject.service.length))
      ? [{ alarm, why: `alarm ${alarm.name} is called like the service` }]
      : [];
  });
};

const namesIn = (deploys: Deploys, groups: Inventory['deploymentGroups']): string[] => {
  if (deploys.to === 'ecs') return [deploys.service];
  if (deploys.to !== 'group') return [];
  const found = groups.find(({ application, group }) => application === deploys.application && group === deploys.group);
  return [deploys.group, ...(found?.autoScalingGroups ?? [])];
};

/** What can be restored, the most drastic first: instances, tasks, and what was deployed to them. */
const levelsFor = (inventory: Inventory, deploys: Deploys[], about: About[]): DraftLevel[] => [
  ...groupLevel(inventory, deploys, about),
  ...deploys.flatMap(taskLevel).slice(0, 1),
  {
    level: 'deploy',
    does: { action: 'redeploy', target: null },
    why: 'what was deployed can be deployed again, and gone back from if it is the cause',
  },
];

const groupLevel = ({ groups, deploymentGroups }: Inventory, deploys: Deploys[], about: About[]): DraftLevel[] => {
  const known = new Set(groups.map(({ name }) => name).filter((name) => words.group.safeParse(name).success));
  const byDeployment = deploys.flatMap((one) => namesIn(one, deploymentGroups).map((name) => [name, sayDeploys(one)]));
  const byAlarm = about.map(({ alarm }) => [
    alarm.dimensions['AutoScalingGroupName'] ?? '',
    `alarm ${alarm.name} watches it`,
  ]);
  const [name, why] = [...byDeployment, ...byAlarm].find(([group = '']) => known.has(group)) ?? [];
  if (name === undefined) return [];
  return [
    { level: 'node', does: { action: 'replace-instances', target: name }, why: `Auto Scaling group ${name}: ${why}` },
  ];
};

const taskLevel = (deploys: Deploys): DraftLevel[] =>
  deploys.to !== 'ecs' || !words.ecsService.safeParse(`${deploys.cluster}/${deploys.service}`).success
    ? []
    : [
        {
          level: 'tasks',
          does: { action: 'restart-service', target: `${deploys.cluster}/${deploys.service}` },
          why: `the stage deploys by ${sayDeploys(deploys)}`,
        },
      ];

const checksFor = (
  pipeline: PipelineSeen,
  stage: StageSeen,
  service: string,
  about: About[],
  levels: DraftLevel[],
): DraftCheck[] => {
  const taken = new Set<string>();
  const checks = about.map(({ alarm, why }): DraftCheck => {
    const bare = alarm.name.toLowerCase().startsWith(service.toLowerCase())
      ? alarm.name.slice(service.length)
      : alarm.name;
    const { level, because } = levelOf(alarm, levels);
    const name = unique(nameFrom(bare, 'alarm'), taken);
    return { name, source: { alarm: alarm.name }, level, why: `${why}; ${because}` };
  });
  return checks.length > 0 ? checks : [checkByPipeline(pipeline, stage)];
};

const levelOf = ({ namespace, dimensions }: AlarmSeen, levels: DraftLevel[]): { level: string; because: string } => {
  const has = (level: string): boolean => levels.some((one) => one.level === level);
  if (has('node') && ('AutoScalingGroupName' in dimensions || 'InstanceId' in dimensions))
    return { level: 'node', because: 'a new instance restores that' };
  if (has('tasks') && namespace === 'AWS/ECS') return { level: 'tasks', because: 'new tasks restore that' };
  return { level: 'deploy', because: 'nothing more drastic is known to restore that' };
};

/** A service must have a check. What the pipeline itself says after it deployed is better than nothing. */
const checkByPipeline = (pipeline: PipelineSeen, stage: StageSeen): DraftCheck => {
  const after = pipeline.stages.slice(pipeline.stages.indexOf(stage) + 1);
  const tests = after.find(({ actions }) => actions.some(({ category }) => category === 'Test')) ?? stage;
  return {
    name: nameFrom(tests.name.toLowerCase(), 'stage'),
    source: { pipeline: pipeline.name, stage: tests.name },
    level: 'deploy',
    why: `no alarm was found that is about it: stage ${tests.name} is what says that it works. Make an alarm on what its users see`,
  };
};

const remarksOn = ({ type }: PipelineSeen, { onFailure }: StageSeen): string[] => [
  ...(type === 'V1'
    ? ['the pipeline is of type V1, whose stages cannot be rolled back: a redeployment builds again']
    : []),
  ...(onFailure === null
    ? []
    : [`CodePipeline itself does ${onFailure} when the stage fails: the ladder waits for that`]),
];
