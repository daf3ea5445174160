import { type ActionSeen, deploysOf, type Inventory, type PipelineSeen, type StageSeen } from '../account/inventory.ts';
import { pipelinesChecked } from '../config/checks.ts';
import type { LadderConfig, ServiceConfig } from '../config/config.ts';
import { careful, fails, type Finding } from './finding.ts';

/** Where the configuration is deployed: what it can see and reach. */
export type Home = { account: string | null; region: string | null };

/** What is to be said of the pipelines that a ladder names: its own, those that levels run, those that checks read. */
export const pipelineFindings = (ladder: LadderConfig, seen: Inventory, home: Home): Finding[] => [
  ...otherPipelines(ladder).flatMap((name) => (pipelineIn(seen, name) === 'missing' ? [missing(ladder, name)] : [])),
  ...(ladder.service === null ? [] : ownPipeline(ladder, seen, home)),
];

const otherPipelines = (ladder: LadderConfig): string[] => {
  const run = ladder.levels.flatMap(({ do: act }) => (act.type === 'start-pipeline' ? [act.pipeline] : []));
  const own = ladder.service === null ? null : ladder.pipeline;
  return [...new Set([...run, ...pipelinesChecked(ladder)])].filter((name) => name !== own);
};

/** One that could not be read is not one that is not there. */
const pipelineIn = ({ pipelines, unread }: Inventory, name: string): PipelineSeen | 'missing' | 'unread' =>
  pipelines.find((one) => one.name === name) ??
  (unread.some(({ what }) => what === `pipeline ${name}`) ? 'unread' : 'missing');

const missing = ({ ladder }: LadderConfig, name: string): Finding =>
  fails(
    ladder,
    'pipeline-missing',
    `there is no pipeline ${name} here`,
    'correct its name, or look where it is: AWS_REGION, account',
  );

const ownPipeline = (config: ServiceConfig, seen: Inventory, home: Home): Finding[] => {
  const found = pipelineIn(seen, config.pipeline);
  if (found === 'missing') return [missing(config, config.pipeline)];
  if (found === 'unread') return [];
  const stage = found.stages.find(({ name }) => name === config.stage);
  return [
    ...ofType(config, found),
    ...(stage === undefined ? [noStage(config, found)] : stageFindings(config, stage, home)),
  ];
};

const ofType = ({ ladder, pipeline }: ServiceConfig, { type }: PipelineSeen): Finding[] =>
  type !== 'V1'
    ? []
    : [
        careful(
          ladder,
          'pipeline-v1',
          `pipeline ${pipeline} is of type V1: a redeployment builds every source again, and cannot say which commit`,
          `make it V2: aws codepipeline update-pipeline with "pipelineType": "V2"`,
        ),
      ];

const noStage = ({ ladder, stage, pipeline }: ServiceConfig, { stages }: PipelineSeen): Finding =>
  fails(
    ladder,
    'stage-missing',
    `pipeline ${pipeline} has no stage ${stage}`,
    `it has ${stages.map(({ name }) => name).join(', ')}`,
  );

const stageFindings = (config: ServiceConfig, stage: StageSeen, home: Home): Finding[] => {
  const { ladder } = config;
  const deploys = stage.actions.some((action) => deploysOf(action) !== null);
  return [
    ...(deploys
      ? []
      : [
          careful(
            ladder,
            'stage-deploys-nothing',
            `stage ${stage.name} has no action that deploys`,
            'name the stage that does',
          ),
        ]),
    ...(stage.onFailure === null
      ? []
      : [
          careful(
            ladder,
            'stage-heals-itself',
            `CodePipeline does ${stage.onFailure} by itself when stage ${stage.name} fails: the ladder waits for that, and acts later`,
            'leave it to one of them: take onFailure out of the stage, or the level out of the ladder',
          ),
        ]),
    ...stage.actions.flatMap((action) => elsewhere(ladder, stage.name, action, home)),
  ];
};

const elsewhere = (ladder: string, stage: string, { name, account, region }: ActionSeen, home: Home): Finding[] => {
  const away = [differing(account, home.account), differing(region, home.region)].filter((one) => one !== null);
  if (away.length === 0) return [];
  const what = `action ${name} of stage ${stage} runs in ${away.join(' ')}: what happens there is not seen here`;
  return [
    careful(ladder, 'other-account', what, 'name alarms that are here, or forward events and alarms of there to here'),
  ];
};

/** What an action says of itself, where it is another than here; null where it says nothing, or nobody knows what is here. */
const differing = (said: string | null, here: string | null): string | null =>
  said !== null && here !== null && said !== here ? said : null;
