import type { Inventory } from '../account/inventory.ts';
import type { ActionConfig, LadderConfig, LevelConfig } from '../config/config.ts';
import { careful, fails, type Finding } from './finding.ts';

type Of<Type extends ActionConfig['type']> = Extract<ActionConfig, { type: Type }>;
type OnService = Of<'restart-service' | 'previous-task-definition' | 'stop-service-deployment'>;

/** What is to be said of what the levels of a ladder act on. */
export const targetFindings = (ladder: LadderConfig, seen: Inventory): Finding[] =>
  ladder.levels.flatMap((level) => findingsOn(ladder.ladder, level, seen));

const findingsOn = (ladder: string, { level, do: act }: LevelConfig, seen: Inventory): Finding[] => {
  switch (act.type) {
    case 'replace-instances':
    case 'refresh-instances':
      return onGroup(ladder, level, act.group, seen);
    case 'restart-service':
    case 'previous-task-definition':
    case 'stop-service-deployment':
      return onService(ladder, level, act, seen);
    case 'stop-deployment':
      return onDeploymentGroup(ladder, level, act, seen);
    default:
      return [];
  }
};

const wasRead = ({ unread }: Inventory, what: string): boolean => !unread.some((one) => one.what === what);

const onGroup = (ladder: string, level: string, group: string, seen: Inventory): Finding[] => {
  if (!wasRead(seen, 'Auto Scaling groups')) return [];
  const found = seen.groups.find(({ name }) => name === group);
  if (found === undefined)
    return [
      fails(
        ladder,
        'group-missing',
        `level ${level} acts on Auto Scaling group ${group}, which is not here`,
        'correct its name',
      ),
    ];
  if (found.instances > 0) return [];
  const what = `Auto Scaling group ${group} has no instance: level ${level} has nothing to act on, and is refused`;
  return [careful(ladder, 'group-empty', what, 'set what it should have at least')];
};

const onService = (
  ladder: string,
  level: string,
  { type, cluster, service }: OnService,
  seen: Inventory,
): Finding[] => {
  const name = `${cluster}/${service}`;
  if (!wasRead(seen, `ECS service ${name}`)) return [];
  const found = seen.ecsServices.find((one) => one.cluster === cluster && one.service === service);
  if (found === undefined)
    return [
      fails(
        ladder,
        'ecs-service-missing',
        `level ${level} acts on ECS service ${name}, which is not here`,
        'correct its name',
      ),
    ];
  if (found.controller !== 'ECS')
    return type === 'restart-service'
      ? []
      : [
          fails(
            ladder,
            'not-rolling',
            `ECS service ${name} is deployed by ${found.controller}: ${type} cannot act on it`,
            'use stop-deployment on its deployment group',
          ),
        ];
  if (found.circuitBreaker) return [];
  const what = `ECS service ${name} has no deployment circuit breaker: a deployment whose tasks do not start goes on for ever`;
  return [
    careful(
      ladder,
      'no-circuit-breaker',
      what,
      'enable deploymentCircuitBreaker with rollback in its deployment configuration',
    ),
  ];
};

const onDeploymentGroup = (
  ladder: string,
  level: string,
  { application, group }: Of<'stop-deployment'>,
  seen: Inventory,
): Finding[] => {
  const name = `${application}/${group}`;
  if (!wasRead(seen, `deployment group ${name}`)) return [];
  const found = seen.deploymentGroups.find((one) => one.application === application && one.group === group);
  if (found === undefined)
    return [
      fails(
        ladder,
        'deployment-group-missing',
        `level ${level} acts on deployment group ${name}, which is not here`,
        'correct its name',
      ),
    ];
  if (found.rollsBack) return [];
  const what = `deployment group ${name} does not roll back by itself where a deployment fails: until level ${level} acts it is left half done`;
  return [careful(ladder, 'no-rollback', what, 'enable automatic rollback for failed deployments')];
};
