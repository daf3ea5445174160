import { createHash } from 'node:crypto';

/**
 * What AWS says while changes are delivered: each goes through a pipeline of three stages and five actions, a build of
 * eleven phases, and a deployment to four instances; eight services deliver at the same time. The same number gives the
 * same event, and each event is a fact of its own.
 */
export type AwsEvent = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: { [name: string]: unknown };
};

const services = ['shop', 'cart', 'search', 'stock', 'prices', 'users', 'mail', 'web'];
const region = 'eu-west-1';
const account = '111122223333';
const firstTime = Date.parse('2026-11-20T09:00:00Z');

/** The n-th event of all: the services take turns, event by event. */
export const deliveryEvent = (n: number): AwsEvent => {
  const round = Math.floor(n / services.length);
  const service = services[n % services.length] ?? '';
  const run = runOf(service, Math.floor(round / script.length));
  const said = (script[round % script.length] as Line)(run);
  const time = new Date(firstTime + n * 400).toISOString();
  return {
    version: '0',
    id: uuid(`event ${n}`),
    account,
    region,
    ...said,
    time: `${time.slice(0, 19)}Z`,
    detail: said.detail(time),
  };
};

type Run = {
  service: string;
  number: number;
  execution: string;
  commit: string;
  old: string;
  build: string;
  deployment: string;
};
type Said = Pick<AwsEvent, 'source' | 'detail-type' | 'resources'> & { detail: (time: string) => AwsEvent['detail'] };
type Line = (run: Run) => Said;

const hex = (text: string, length: number): string => createHash('sha512').update(text).digest('hex').slice(0, length);
const uuid = (text: string): string =>
  hex(text, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

const runOf = (service: string, number: number): Run => ({
  service,
  number,
  execution: uuid(`${service} execution ${number}`),
  commit: hex(`${service} commit ${number}`, 40),
  old: hex(`${service} commit ${number - 1}`, 40),
  build: uuid(`${service} build ${number}`),
  deployment: `d-${hex(`${service} deployment ${number}`, 9).toUpperCase()}`,
});

const arn = (service: string, name: string): string => `arn:aws:${service}:${region}:${account}:${name}`;
const developer = `arn:aws:sts::${account}:assumed-role/Developer/ada`;

const pushed: Line = ({ service, commit, old }) => ({
  source: 'aws.codecommit',
  'detail-type': 'CodeCommit Repository State Change',
  resources: [arn('codecommit', service)],
  detail: () => ({
    event: 'referenceUpdated',
    repositoryName: service,
    repositoryId: uuid(service),
    referenceType: 'branch',
    referenceName: 'main',
    referenceFullName: 'refs/heads/main',
    commitId: commit,
    oldCommitId: old,
    callerUserArn: developer,
  }),
});

const inPipeline =
  (level: string, state: string, more: (run: Run) => AwsEvent['detail'] = () => ({})): Line =>
  (run) => ({
    source: 'aws.codepipeline',
    'detail-type': `CodePipeline ${level} Execution State Change`,
    resources: [arn('codepipeline', run.service)],
    detail: (time) => ({
      pipeline: run.service,
      'execution-id': run.execution,
      'start-time': time,
      state,
      version: 3,
      'pipeline-execution-attempt': 1,
      ...more(run),
    }),
  });

const pipeline = (state: string): Line =>
  inPipeline('Pipeline', state, () => ({
    'execution-trigger': { 'trigger-type': 'StartPipelineExecution', 'trigger-detail': developer },
  }));

const stage = (name: string, lines: Line[]): Line[] => [
  inPipeline('Stage', 'STARTED', () => ({ stage: name })),
  ...lines,
  inPipeline('Stage', 'SUCCEEDED', () => ({ stage: name })),
];

const action = (stageName: string, name: string, provider: string, category: string, lines: Line[] = []): Line[] => {
  const told = (state: string, artifacts: boolean): Line =>
    inPipeline('Action', state, (run) => ({
      stage: stageName,
      action: name,
      'action-execution-id': uuid(`${run.execution} ${name}`),
      region,
      type: { owner: 'AWS', provider, category, version: '1' },
      'input-artifacts': [],
      'output-artifacts': artifacts
        ? [{ name, s3location: { bucket: 'artifacts', key: `${run.service}/${name}/${hex(run.execution + name, 7)}` } }]
        : [],
      ...(artifacts && category === 'Source'
        ? { 'execution-result': { 'external-execution-id': run.commit, 'external-execution-summary': 'a change' } }
        : {}),
    }));
  return [told('STARTED', false), ...lines, told('SUCCEEDED', true)];
};

const buildDetail = ({ service, number }: Run) => ({
  initiator: `codepipeline/${service}`,
  'build-number': number,
  environment: {
    image: 'aws/codebuild/standard:7.0',
    'environment-variables': [
      { name: 'STAGE', type: 'PLAINTEXT', value: 'production' },
      { name: 'DB', type: 'PARAMETER_STORE', value: `/${service}/db` },
    ],
  },
  logs: { 'group-name': `/aws/codebuild/${service}`, 'deep-link': 'https://example.com/log' },
});

const build =
  (kind: 'State' | 'Phase', fields: AwsEvent['detail']): Line =>
  (run) => {
    const id = arn('codebuild', `build/${run.service}:${run.build}`);
    return {
      source: 'aws.codebuild',
      'detail-type': `CodeBuild Build ${kind} Change`,
      resources: [id],
      detail: () => ({
        ...fields,
        'project-name': run.service,
        'build-id': id,
        version: '1',
        'additional-information': buildDetail(run),
      }),
    };
  };

const phases =
  'SUBMITTED QUEUED PROVISIONING DOWNLOAD_SOURCE INSTALL PRE_BUILD BUILD POST_BUILD UPLOAD_ARTIFACTS FINALIZING COMPLETED';
const building: Line[] = [
  build('State', { 'build-status': 'IN_PROGRESS', 'current-phase': 'SUBMITTED' }),
  ...phases.split(' ').map((phase) =>
    build('Phase', {
      'completed-phase': phase,
      'completed-phase-status': 'SUCCEEDED',
      'completed-phase-context': '[]',
      'completed-phase-duration-seconds': 5,
    }),
  ),
  build('State', { 'build-status': 'SUCCEEDED', 'current-phase': 'COMPLETED' }),
];

const deployment =
  (state: string, instance: number | null = null): Line =>
  ({ service, deployment: deploymentId, number }) => ({
    source: 'aws.codedeploy',
    'detail-type': `CodeDeploy ${instance === null ? 'Deployment' : 'Instance'} State-change Notification`,
    resources: [
      arn('codedeploy', `deploymentgroup:${service}/production`),
      arn('codedeploy', `application:${service}`),
    ],
    detail: () => ({
      region,
      deploymentId,
      instanceGroupId: hex(`${service} group ${number}`, 8),
      application: service,
      deploymentGroup: 'production',
      state,
      ...(instance === null ? {} : { instanceId: `i-${hex(`${service} instance ${instance}`, 17)}` }),
    }),
  });

const deploying: Line[] = [
  deployment('START'),
  ...[0, 1, 2, 3].flatMap((instance) => [deployment('START', instance), deployment('SUCCESS', instance)]),
  deployment('SUCCESS'),
];

/** One change, from the push to the end of its pipeline. */
const script: Line[] = [
  pushed,
  pipeline('STARTED'),
  ...stage('Source', action('Source', 'Checkout', 'CodeCommit', 'Source')),
  ...stage('Build', [
    ...action('Build', 'Compile', 'CodeBuild', 'Build', building),
    ...action('Build', 'Test', 'CodeBuild', 'Test'),
  ]),
  ...stage('Deploy', [
    ...action('Deploy', 'Roll', 'CodeDeploy', 'Deploy', deploying),
    ...action('Deploy', 'Smoke', 'Lambda', 'Invoke'),
  ]),
  pipeline('SUCCEEDED'),
];
