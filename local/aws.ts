import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { intakeRules } from '../shared/event/rules.ts';
import type { Admission } from '../shared/ladder/admit.ts';
import { type Endpoint, startEndpoint } from './endpoint/endpoint.ts';
import { createEventBus } from './endpoint/event-bus.ts';
import { readLosses } from './endpoint/losses.ts';
import { createParameters } from './endpoint/parameters.ts';
import { type GitRemote, startGitRemote } from './git/remote.ts';
import { gitOrNull } from './git/git.ts';
import { gitDirOf, gitSource, seedRepository } from './git/repositories.ts';
import { createPipelines } from './pipeline/pipelines.ts';
import { queueName } from './runtime/provision.ts';
import { readPlan } from './recorder/plan.ts';
import { createRecorder } from './recorder/recorder.ts';
import { createServices, type Services } from './service/services.ts';
import { openStore } from './store.ts';
import { createTopics, type Topics } from './topics/topics.ts';

/** The account and Region that everything on this machine is in; the account is the one that fauxqs knows. */
export const account = '000000000000';
export const region = 'us-east-1';

/** What stands in for AWS on this machine. */
export type Aws = {
  url: string;
  git: GitRemote;
  services: Services;
  topics: Topics;
  /** lets what was emitted flow, and goes on with what an earlier process left unfinished */
  run: () => void;
  stop: () => Promise<void>;
};

export type AwsOptions = {
  dir: string;
  /** the folder that seeds the example's repository, and whose alarms are watched where no other file is named */
  example: string;
  /** the file that says which alarms, probes and groups there are */
  alarmsFile?: string;
  ports: { gitPort: number; awsPort: number };
  /** whether a release may go into its environment */
  admit: (release: { environment: string; service: string; commit: string }) => Promise<Admission>;
  log: (line: string) => void;
};

/** Starts the stand-ins and their one endpoint. Nothing moves until `run`: first there must be somebody to listen. */
export const startAws = async ({ dir, example, alarmsFile, ports, admit, log }: AwsOptions): Promise<Aws> => {
  const store = openStore({ dataDir: dir, account, region, now: () => new Date(), newId: randomUUID, log });
  const { world, transaction } = store;
  const gitDir = join(dir, 'git');
  await seedRepository({ dir: gitDir, name: 'shop', from: example, message: 'The shop' });
  const services = await createServices({
    world,
    transaction,
    dir: join(dir, 'services'),
    services: [{ service: 'shop', environment: 'production' }],
    alarmsFile: alarmsFile ?? join(example, 'alarms.json'),
    admit,
    log,
  });
  const source = { ...gitSource(gitDir), message: commitMessage(gitDir) };
  const pipelines = createPipelines({ world, transaction, source, providers: services.providers, dataDir: dir, log });
  const git = await startGitRemote({
    world,
    transaction,
    dir: gitDir,
    port: ports.gitPort,
    onPush: pipelines.onSourceChange,
    log,
  });
  const recorder = createRecorder(world, transaction, readPlan(dir));
  const rules = intakeRules(account).map((rule) => ({ ...rule, queue: queueName(rule.queue) }));
  const send: Endpoint['send'] = (...message) => endpoint.send(...message);
  const topics = createTopics({ world, transaction, toQueue: send, origin: () => endpoint.url });
  const bus = createEventBus({
    account,
    region,
    rules,
    send,
    isLost: readLosses(dir),
    now: world.now,
    newId: world.newId,
  });
  const endpoint = await startEndpoint({
    dataDir: dir,
    port: ports.awsPort,
    account,
    region,
    operations: {
      codepipeline: pipelines.operations,
      codecommit: git.operations,
      monitoring: services.operations.monitoring,
      autoscaling: services.operations.autoscaling,
      ssm: { ...createParameters(world, transaction), ...recorder.ssm },
      cloudformation: recorder.cloudformation,
      cloudtrail: recorder.cloudtrail,
      codedeploy: recorder.codedeploy,
      ecs: recorder.ecs,
      lambda: recorder.lambda,
      secretsmanager: recorder.secretsmanager,
      events: bus.operations,
      sns: topics.operations,
    },
    visit: topics.visit,
    log,
  });
  return {
    url: endpoint.url,
    git,
    services,
    topics,
    run: () => {
      store.pump(bus.deliver);
      topics.start();
      services.start();
      pipelines.start();
    },
    stop: async () => {
      await git.close();
      await pipelines.stop();
      await services.stop();
      await topics.stop();
      await store.close();
      await endpoint.close();
    },
  };
};

/** The message of a commit: CodePipeline shows it as the summary of a source action. */
const commitMessage = (dir: string) => (repository: string, commit: string) =>
  gitOrNull(['--git-dir', gitDirOf(dir, repository), 'log', '-1', '--format=%B', commit]);
