import type { EcsServiceReading } from '../../shared/ladder/actions/ecs-service.ts';

/** The ECS service `shop/web` as it is read where nothing is under way. */
export const ecsService = (over: Partial<EcsServiceReading> = {}): EcsServiceReading => ({
  of: 'ecs-service',
  status: 'ACTIVE',
  controller: 'ECS',
  desired: 2,
  taskDefinition: 'web:3',
  primary: 'ecs-svc/3',
  underWay: null,
  previous: 'web:2',
  ...over,
});
