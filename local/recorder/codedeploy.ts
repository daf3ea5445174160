import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import { type Deployment, type DeploymentGroup, deploymentView, groupView, isOver, statusAt } from './deployment.ts';
import type { RecorderOptions } from './ecs.ts';
import { textIn } from './members.ts';

/**
 * The calls of CodeDeploy that the product makes, and those that set up what it makes them on. Nothing is deployed
 * anywhere: a deployment goes through its states in time. A rollback is a deployment of its own, as in CodeDeploy.
 */
export const codeDeployOperations = (options: RecorderOptions): Operations => {
  /** What is due by now is written first: the rollback of what failed meanwhile is there when one asks. */
  const inTime =
    (operation: (input: Members) => unknown) =>
    (input: Members): unknown =>
      options.transaction(() => {
        rollBackFailed(options);
        return operation(input);
      });
  return {
    CreateApplication: inTime((input) => createApplication(options, input)),
    CreateDeploymentGroup: inTime((input) => createGroup(options, input)),
    GetDeploymentGroup: inTime((input) => ({
      deploymentGroupInfo: groupView(
        options.world.now().getTime(),
        groupOf(options, input),
        deploymentsOf(options, input),
      ),
    })),
    CreateDeployment: inTime((input) => createDeployment(options, input)),
    GetDeployment: inTime((input) => ({
      deploymentInfo: deploymentView(options.world.now().getTime(), deploymentNamed(options, input)),
    })),
    ListDeployments: inTime((input) => listDeployments(options, input)),
    StopDeployment: inTime((input) => stopDeployment(options, input)),
  };
};

const nowOf = ({ world }: RecorderOptions): number => world.now().getTime();

const createApplication = ({ book, world }: RecorderOptions, input: Members) => {
  const applicationName = textIn(input, 'applicationName', 'ApplicationNameRequiredException');
  if (book.get('application', applicationName) !== null)
    throw new AwsError('ApplicationAlreadyExistsException', `An application named ${applicationName} already exists.`);
  const computePlatform = String(input.computePlatform ?? 'Server');
  const applicationId = world.newId();
  book.put('application', applicationName, { applicationName, computePlatform, applicationId });
  return { applicationId };
};

const applicationOf = ({ book }: RecorderOptions, input: Members): { computePlatform: string; name: string } => {
  const name = textIn(input, 'applicationName', 'ApplicationNameRequiredException');
  const application = book.get<{ computePlatform: string }>('application', name);
  if (application === null)
    throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${name}`);
  return { name, computePlatform: application.computePlatform };
};

const createGroup = (options: RecorderOptions, input: Members) => {
  const { name: application, computePlatform } = applicationOf(options, input);
  const name = textIn(input, 'deploymentGroupName', 'DeploymentGroupNameRequiredException');
  const { enabled, events } = (input.autoRollbackConfiguration ?? {}) as Members;
  const rollsBack = enabled === true && Array.isArray(events) && events.includes('DEPLOYMENT_FAILURE');
  const group: DeploymentGroup = { id: options.world.newId(), application, name, computePlatform, rollsBack };
  if (options.book.get('deployment-group', `${application}/${name}`) !== null)
    throw new AwsError('DeploymentGroupAlreadyExistsException', `A deployment group named ${name} already exists.`);
  options.book.put('deployment-group', `${application}/${name}`, group);
  return { deploymentGroupId: group.id };
};

const groupOf = (options: RecorderOptions, input: Members): DeploymentGroup => {
  const { name: application } = applicationOf(options, input);
  const name = textIn(input, 'deploymentGroupName', 'DeploymentGroupNameRequiredException');
  const group = options.book.get<DeploymentGroup>('deployment-group', `${application}/${name}`);
  if (group === null)
    throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
  return group;
};

/** The deployments of the group that the call names, oldest first. */
const deploymentsOf = (options: RecorderOptions, input: Members): Deployment[] =>
  ofGroup(options, groupOf(options, input));

const ofGroup = ({ book }: RecorderOptions, { application, name }: Pick<DeploymentGroup, 'application' | 'name'>) =>
  book.all<Deployment>('deployment').filter((one) => one.application === application && one.group === name);

const createDeployment = (options: RecorderOptions, input: Members) => {
  const group = groupOf(options, input);
  const running = ofGroup(options, group).find((one) => !isOver(statusAt(one, nowOf(options)).status));
  if (running !== undefined)
    throw new AwsError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${group.name}' already has an active Deployment '${running.id}'`,
    );
  if (typeof input.revision !== 'object' || input.revision === null)
    throw new AwsError('RevisionRequiredException', 'A revision must be given.');
  const { enabled } = (input.autoRollbackConfiguration ?? {}) as Members;
  const rollsBack = enabled === undefined ? group.rollsBack : enabled === true;
  const deployment = begin(options, group, input.revision as object, { creator: 'user', rollbackOf: null, rollsBack });
  return { deploymentId: deployment.id };
};

const begin = (
  options: RecorderOptions,
  { application, name: group, computePlatform }: DeploymentGroup,
  revision: object,
  more: Pick<Deployment, 'creator' | 'rollbackOf' | 'rollsBack'>,
  createdAt = nowOf(options),
): Deployment => {
  const id = `d-${options.world.newId().replaceAll('-', '').slice(0, 9).toUpperCase()}`;
  const isNamed = (named: string) => JSON.stringify(revision).includes(named);
  const end = options.plan.fails.some(isNamed) ? ('Failed' as const) : ('Succeeded' as const);
  const rest = {
    createdAt,
    pace: options.plan.pace,
    end: options.plan.hangs.some(isNamed) ? null : end,
    rollbackId: null,
    stopped: null,
  };
  const deployment: Deployment = { id, application, group, computePlatform, revision, ...rest, ...more };
  options.book.put('deployment', id, deployment);
  return deployment;
};

/** Redeploys the revision that last succeeded; null where none ever did. */
const rollBack = (options: RecorderOptions, failed: Deployment, at: number): Deployment | null => {
  const all = ofGroup(options, { application: failed.application, name: failed.group });
  const good = all.findLast((one) => statusAt(one, at).status === 'Succeeded');
  const group = options.book.get<DeploymentGroup>('deployment-group', `${failed.application}/${failed.group}`);
  if (good === undefined || group === null) return null;
  const how = { creator: 'codeDeployRollback' as const, rollbackOf: failed.id, rollsBack: false };
  return begin(options, group, good.revision, how, at);
};

/** Failures are only noticed when somebody asks; each is dated to when it happened. */
const rollBackFailed = (options: RecorderOptions): void => {
  for (const deployment of options.book.all<Deployment>('deployment')) {
    const { status, at } = statusAt(deployment, nowOf(options));
    if (status !== 'Failed' || !deployment.rollsBack || deployment.rollbackId !== null) continue;
    const rollback = rollBack(options, deployment, at);
    options.book.put('deployment', deployment.id, { ...deployment, rollbackId: rollback?.id ?? '' });
  }
};

const deploymentNamed = ({ book }: RecorderOptions, input: Members): Deployment => {
  const id = textIn(input, 'deploymentId', 'DeploymentIdRequiredException');
  if (!/^d-[A-Z0-9]{9,}$/.test(id))
    throw new AwsError('InvalidDeploymentIdException', `Specified deploymentId is not in a valid format: ${id}`);
  const deployment = book.get<Deployment>('deployment', id);
  if (deployment === null)
    throw new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
  return deployment;
};

const deploymentsAtOnce = 100;

/** Ids, newest first. */
const listDeployments = (options: RecorderOptions, input: Members) => {
  const statuses = (input.includeOnlyStatuses ?? []) as string[];
  const isWanted = createdIn(input.createTimeRange);
  const start = pageStart(input.nextToken);
  const all =
    input.applicationName === undefined ? options.book.all<Deployment>('deployment') : deploymentsOf(options, input);
  const found = all
    .toReversed()
    .filter((one) => statuses.length === 0 || statuses.includes(statusAt(one, nowOf(options)).status))
    .filter(isWanted)
    .map(({ id }) => id);
  const end = start + deploymentsAtOnce;
  return { deployments: found.slice(start, end), ...(end < found.length && { nextToken: `deployments ${end}` }) };
};

const pageStart = (token: unknown): number => {
  if (token === undefined || token === null) return 0;
  const start = /^deployments (\d{1,6})$/.exec(typeof token === 'string' ? token : '')?.[1];
  if (start !== undefined) return Number(start);
  throw new AwsError('InvalidNextTokenException', 'The next token was specified in an invalid format.');
};

/** `start` and `end` are dates, or seconds as the wire has them; each may be left out. */
const createdIn = (range: Members | undefined): ((deployment: Deployment) => boolean) => {
  const [from, until] = [range?.start, range?.end].map((at: unknown) =>
    at === undefined || at === null ? null : at instanceof Date ? at.getTime() : Number(at) * 1000,
  );
  if (from != null && until != null && from > until)
    throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.');
  return ({ createdAt }) => (from == null || createdAt >= from) && (until == null || createdAt <= until);
};

/** A deployment that is over cannot be stopped; one that is being stopped already goes on being stopped. */
const stopDeployment = (options: RecorderOptions, input: Members) => {
  const deployment = deploymentNamed(options, input);
  const now = nowOf(options);
  if (isOver(statusAt(deployment, now).status))
    throw new AwsError('DeploymentAlreadyCompletedException', 'The deployment is already completed');
  const pending = { status: 'Pending', statusMessage: 'Stopping deployment' };
  if (deployment.stopped !== null) return pending;
  const stopped = { ...deployment, stopped: { at: now } };
  options.book.put('deployment', deployment.id, stopped);
  if (input.autoRollbackEnabled !== true) return pending;
  const rollback = rollBack(options, stopped, now + deployment.pace);
  options.book.put('deployment', deployment.id, { ...stopped, rollbackId: rollback?.id ?? '' });
  return pending;
};
