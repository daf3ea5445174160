import { AwsError, type Members, type Operations } from '../endpoint/operations.ts';
import type { FleetStore, Instance } from './fleet-store.ts';
import { groupArn, zoneOf } from './group-events.ts';
import type { Service } from './service.ts';

/**
 * The Auto Scaling calls that the product makes.
 *
 * The group's HealthCheck process is suspended, as one suspends it where something else owns the healing: a process
 * that died leaves its instance healthy, and nothing is replaced until SetInstanceHealth says so. Otherwise the group
 * and the ladder would be two robots on one target.
 */
export const autoScalingOperations = (services: Map<string, Service>, store: FleetStore): Operations => {
  const all = (): [Service, Instance][] =>
    [...services.values()].flatMap((service) =>
      store.instances(service.name).map((instance): [Service, Instance] => [service, instance]),
    );
  return {
    DescribeAutoScalingGroups: ({ AutoScalingGroupNames: names }) => ({
      AutoScalingGroups: [...services.values()]
        .filter(({ group }) => isAsked(names, group.name))
        .map((service) => groupView(service, store)),
    }),
    DescribeAutoScalingInstances: ({ InstanceIds: ids }) => ({
      AutoScalingInstances: all()
        .filter(([, { id }]) => isAsked(ids, id))
        .map(([{ group }, instance]) => ({
          AutoScalingGroupName: group.name,
          ...instanceView(instance, group.region),
        })),
    }),
    SetInstanceHealth: (input) => setInstanceHealth(all(), store, input),
  };
};

/** No names, or an empty list, ask for all. */
const isAsked = (names: unknown, name: string): boolean =>
  !Array.isArray(names) || names.length === 0 || names.includes(name);

const setInstanceHealth = (all: [Service, Instance][], store: FleetStore, input: Members) => {
  const { InstanceId: id, HealthStatus: status } = input;
  if (status !== 'Healthy' && status !== 'Unhealthy') {
    throw new AwsError('ValidationError', `Valid instance health states are: [Healthy, Unhealthy]. Given: ${status}`);
  }
  const found = all.find(([, instance]) => instance.id === id);
  if (found === undefined) throw new AwsError('ValidationError', `Instance Id not found - No managed instance ${id}`);
  const [service, instance] = found;
  if (status === 'Unhealthy') service.giveUp(instance);
  else if (instance.lifecycle !== 'Terminating') store.putInstance({ ...instance, health: 'Healthy' });
  return {};
};

const instanceView = ({ id, lifecycle, health }: Instance, region: string) => ({
  InstanceId: id,
  InstanceType: 't4g.nano',
  AvailabilityZone: zoneOf(region),
  LifecycleState: lifecycle,
  HealthStatus: health,
  ProtectedFromScaleIn: false,
});

const groupView = ({ name, group, desired }: Service, store: FleetStore) => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: groupArn(group),
  MinSize: desired,
  MaxSize: desired,
  DesiredCapacity: desired,
  DefaultCooldown: 300,
  AvailabilityZones: [zoneOf(group.region)],
  HealthCheckType: 'EC2',
  HealthCheckGracePeriod: 0,
  CreatedTime: new Date(store.service(name).created_at),
  SuspendedProcesses: [{ ProcessName: 'HealthCheck', SuspensionReason: 'Escalator owns the healing of this group' }],
  NewInstancesProtectedFromScaleIn: false,
  Instances: store.instances(name).map((instance) => instanceView(instance, group.region)),
});
