import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture } from '../harness.ts';

const service = 'arn:aws:ecs:eu-west-1:111122223333:service/main/shop';

describe('a task of ECS', () => {
  it('is one fact by its version: the same status of a later version is another', () => {
    const event = eventOf('ecs/task-stopped.json');
    const key = 'arn:aws:ecs:eu-west-1:111122223333:task/main/0a1b2c#task,6,STOPPED,STOPPED';
    expect(factOf(event).key).toBe(key);
    expect(factOf({ ...event, time: '2026-11-20T17:03:00Z' }).key).toBe(key);
    expect(factOf({ ...event, detail: { ...event.detail, version: 7 } }).key).not.toBe(key);
  });

  it('that stopped says which container ended it, and how', () => {
    expect(fixture('ecs/task-out-of-memory.json')).toMatchObject({
      kind: 'task.stopped',
      reason:
        'Essential container in task exited; shop exited with 137: OutOfMemoryError: Container killed due to memory usage',
      detail: {
        stopCode: 'EssentialContainerExited',
        containers: [
          { name: 'shop', exitCode: 137, image: `sha256:${'2e'.repeat(32)}` },
          { name: 'logs', exitCode: 0 },
        ],
      },
    });
  });

  it('that never ran says why, and that none of its containers did', () => {
    const { reason, detail } = fixture('ecs/task-failed-to-start.json');
    expect(reason).toBe('CannotPullContainerError: pull image manifest has been retried 5 time(s)');
    expect(detail).toMatchObject({ stopCode: 'TaskFailedToStart', containers: [{ name: 'shop' }] });
  });

  it('is of a service and a deployment, where it says so', () => {
    expect(fixture('ecs/task-running.json').detail).toMatchObject({ ecsService: service, deployment: 'ecs-svc/1' });
    const alone = eventOf('ecs/task-running.json');
    const { detail } = factOf({ ...alone, detail: { ...alone.detail, group: 'family:shop', startedBy: 'ada' } });
    expect(detail).toMatchObject({ group: 'family:shop', startedBy: 'ada' });
    expect(detail).not.toHaveProperty('ecsService');
    expect(detail).not.toHaveProperty('deployment');
  });

  it('was stopped by somebody unknown where a user did it, and else by ECS', () => {
    expect(fixture('ecs/task-stopped-by-user.json')).toMatchObject({
      actor: { type: 'unknown' },
      reason: 'Task stopped by user',
    });
    expect(fixture('ecs/task-unhealthy.json')).toMatchObject({
      actor: { type: 'service', name: 'ecs.amazonaws.com' },
      outcome: 'deactivating',
      reason: expect.stringContaining('failed ELB health checks') as unknown,
    });
  });

  it('that runs has no reason, also where a container of it is done', () => {
    const event = eventOf('ecs/task-running.json');
    const containers = [{ name: 'migrate', exitCode: 1 }];
    expect(factOf({ ...event, detail: { ...event.detail, containers } }).reason).toBeNull();
  });

  it('has at most ten containers on record', () => {
    const event = eventOf('ecs/task-running.json');
    const containers = Array.from({ length: 30 }, (_, n) => ({ name: `c${n}` }));
    expect(factOf({ ...event, detail: { ...event.detail, containers } }).detail['containers']).toHaveLength(10);
  });
});

describe('a deployment of an ECS service', () => {
  it('is about the service in its resources, and is told in the cluster that its ARN names', () => {
    expect(fixture('ecs/deployment-failed.json')).toMatchObject({
      kind: 'service-deployment.failed',
      subject: service,
      reason: 'ECS deployment circuit breaker: tasks failed to start.',
      actor: { type: 'service', name: 'ecs.amazonaws.com' },
      detail: { deployment: 'ecs-svc/1', cluster: 'main' },
    });
  });

  it('was asked for by somebody whom no event names, except where ECS goes back by itself', () => {
    const ecs = { type: 'service', name: 'ecs.amazonaws.com' };
    expect(fixture('ecs/deployment-in-progress.json').actor).toEqual({ type: 'unknown' });
    expect(fixture('ecs/deployment-rolling-back.json').actor).toEqual(ecs);
    expect(fixture('ecs/deployment-completed.json').actor).toEqual(ecs);
  });

  it('says when it goes back', () => {
    expect(fixture('ecs/deployment-rolling-back.json').detail['rollback']).toBe(true);
    expect(fixture('ecs/deployment-in-progress.json').detail).not.toHaveProperty('rollback');
    const event = eventOf('ecs/deployment-rolling-back.json');
    const forward = { ...event, detail: { ...event.detail, reason: 'ECS deployment ecs-svc/2 in progress.' } };
    expect(factOf(forward).key).not.toBe(factOf(event).key);
  });

  it('without any time is one fact by its content, not one with every other', () => {
    const event = eventOf('ecs/deployment-failed.json');
    const timeless = (reason: string): string =>
      factOf({ ...event, time: null, detail: { ...event.detail, updatedAt: null, reason } }).key;
    expect(timeless('one')).not.toBe(timeless('two'));
  });
});

describe('an ECS service', () => {
  it('reports how grave it is, what, and why', () => {
    expect(fixture('ecs/service-action.json')).toMatchObject({
      kind: 'ecs-service.reported',
      subject: service,
      outcome: 'error',
      reason: 'RESOURCE:MEMORY',
      detail: { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' },
    });
    expect(fixture('ecs/service-start-impaired.json')).toMatchObject({ outcome: 'warn', reason: null });
  });
});

describe('an instance that ECS runs tasks on', () => {
  it('is as well as ECS says', () => {
    expect(fixture('ecs/container-instance-health.json')).toMatchObject({
      kind: 'container-instance.changed',
      outcome: 'impaired',
      detail: { instance: 'i-0a1b2c3d4e5f60718' },
    });
    expect(fixture('ecs/daemon-start-impaired.json')).toMatchObject({ outcome: 'warn', reason: 'RESOURCE:MEMORY' });
  });
});
