import { describe, expect, it } from 'vitest';
import type { ActionConfig } from '../../../../shared/config/config.ts';
import { actionOf, aimOf, grantsOf } from '../../../../shared/ladder/actions.ts';
import type { AliasReading } from '../../../../shared/ladder/actions/previous-version.ts';
import type { Intent, TargetReading } from '../../../../shared/ladder/intents.ts';
import { type ActReadings, mayAct } from '../../../../shared/ladder/may-act.ts';
import { ecsService } from '../../../harness/ecs.ts';
import { nothingKnown, shop } from '../../../harness/ladder.ts';

const now = '2026-11-21T12:00:00.000Z';
const opened = '2026-11-21T11:50:00.000Z';
const base = { actKey: 'production/shop#4.1', level: 'service', avoid: [], deadline: '2026-11-21T13:00:00.000Z' };
const intentOf = (form: ActionConfig): Intent => ({ ...base, ...aimOf(form, shop()) }) as object as Intent;
const ask = (form: ActionConfig, target: TargetReading | null, instances: string[] | null = null, chosen = false) => {
  const alarms = { 'shop-smoke': { value: 'fail' as const, at: now, reason: '' } };
  const readings: ActReadings = { released: true, alarms, readAt: now, traffic: null, instances, target };
  return mayAct(intentOf(form), readings, now, shop(), { ...nothingKnown, openedAt: opened, chosen });
};

const onService = { cluster: 'shop', service: 'web' };
const restart = { type: 'restart-service', ...onService } as const;
const back = { type: 'previous-task-definition', ...onService } as const;
const stop = { type: 'stop-service-deployment', ...onService } as const;
const rollingOut = { id: 'arn:d', status: 'IN_PROGRESS', since: '2026-11-21T11:40:00.000Z' };
const rollingBack = { ...rollingOut, status: 'ROLLBACK_IN_PROGRESS' };
const later = '2026-11-21T11:55:00.000Z';

describe('before an act on an ECS service', () => {
  it.each([restart, back])('$type acts where nothing else is under way', (form) => {
    expect(ask(form, ecsService())).toEqual({ may: 'act' });
  });

  it.each([restart, back, stop])('$type waits where the service cannot be read, or ECS heals it already', (form) => {
    expect(ask(form, null)).toEqual({ may: 'wait', reason: 'ECS service shop/web cannot be read' });
    expect(ask(form, ecsService({ underWay: rollingBack }))).toEqual({
      may: 'wait',
      reason: 'ECS takes a deployment back by itself (ROLLBACK_IN_PROGRESS): it is let finish',
    });
  });

  it.each([restart, back, stop])("$type refuses a service that is not there, not ECS's to deploy, or empty", (form) => {
    expect(ask(form, { of: 'nothing', reason: 'ClusterNotFoundException: Cluster not found.' })).toEqual({
      may: 'not',
      reason: 'shop/web is not there: ClusterNotFoundException: Cluster not found.',
    });
    expect(ask(form, ecsService({ status: 'MISSING' }))).toEqual({
      may: 'not',
      reason: 'ECS service shop/web is MISSING',
    });
    expect(ask(form, ecsService({ controller: 'CODE_DEPLOY' })).may).toBe('not');
    expect(ask(form, ecsService({ desired: 0 }))).toEqual({
      may: 'not',
      reason: 'ECS service shop/web wants no tasks: an empty target is refused',
    });
  });

  it.each([restart, back])('$type never overtakes a deployment that is under way: it may be the fix', (form) => {
    expect(ask(form, ecsService({ underWay: rollingOut }))).toEqual({
      may: 'wait',
      reason: 'a deployment of ECS service shop/web is under way (IN_PROGRESS)',
    });
  });

  it('there is nothing to go back to where no older task definition ran steadily', () => {
    expect(ask(back, ecsService({ previous: null })).may).toBe('not');
    expect(ask(restart, ecsService({ previous: null })).may).toBe('act');
  });

  it('a deployment is stopped only while there is one', () => {
    expect(ask(stop, ecsService({ underWay: rollingOut }))).toEqual({ may: 'act' });
    expect(ask(stop, ecsService())).toEqual({
      may: 'already',
      reason: 'no deployment of ECS service shop/web is under way',
    });
  });

  it('a deployment that began after the incident may be the fix: only a person stops it', () => {
    const fix = ecsService({ underWay: { ...rollingOut, since: later } });
    expect(ask(stop, fix)).toEqual({
      may: 'wait',
      reason: 'deployment arn:d began after the incident did and may be the fix: only a person may stop it',
    });
    expect(ask(stop, fix, null, true)).toEqual({ may: 'act' });
  });

  it('one that began in the very moment the incident did may be the fix as well', () => {
    expect(ask(stop, ecsService({ underWay: { ...rollingOut, since: opened } })).may).toBe('wait');
  });
});

describe('before a deployment of CodeDeploy is stopped', () => {
  const form = { type: 'stop-deployment', application: 'shop', group: 'blue' } as const;
  const began = '2026-11-21T11:40:00.000Z';
  const group = (underWay: { rollback: boolean; since?: string } | null, good: string | null = 'd-GOOD') =>
    ask(form, {
      of: 'deployment-group',
      underWay: underWay === null ? null : { id: 'd-BAD', status: 'InProgress', since: began, ...underWay },
      good,
    });

  it('there is one, and something to go back to', () => {
    expect(group({ rollback: false })).toEqual({ may: 'act' });
    expect(group(null).may).toBe('already');
    expect(group({ rollback: false }, null)).toMatchObject({ may: 'not' });
    expect(group({ rollback: false, since: later })).toMatchObject({
      may: 'wait',
      reason: expect.stringContaining('fix'),
    });
    expect(ask(form, null)).toMatchObject({ may: 'wait' });
  });

  it('a rollback under way is let finish', () => {
    const reason = 'CodeDeploy rolls back already (d-BAD): it is let finish';
    expect(group({ rollback: true })).toEqual({ may: 'wait', reason });
  });
});

describe('before the instances of a group are refreshed', () => {
  const form = { type: 'refresh-instances', group: 'shop-asg' } as const;
  const refresh = (status: string | null, instances: string[] | null = ['i-1']) =>
    ask(form, { of: 'instance-refresh', newest: status === null ? null : { id: 'r-1', status } }, instances);

  it.each([null, 'Successful', 'Failed', 'Cancelled', 'RollbackSuccessful', 'RollbackFailed'])(
    'it acts after a refresh that is %s',
    (status) => expect(refresh(status)).toEqual({ may: 'act' }),
  );

  it.each(['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress', 'Baking', 'a state of tomorrow'])(
    'it waits while one is %s',
    (status) => expect(refresh(status).may).toBe('wait'),
  );

  it('an empty group is refused, one that cannot be read is waited for', () => {
    expect(refresh(null, [])).toMatchObject({ may: 'not', reason: expect.stringContaining('empty target is refused') });
    expect(refresh(null, null).may).toBe('wait');
    expect(ask(form, null, ['i-1']).may).toBe('wait');
  });
});

describe('before an alias is pointed back', () => {
  const form = { type: 'previous-version', function: 'shop', alias: 'live' } as const;
  const alias = (more: Partial<AliasReading> = {}) =>
    ask(form, { of: 'alias', version: '7', revision: 'r', weighted: [], previous: '6', ...more });

  it('there is a published version before, and nobody shifts calls', () => {
    expect(alias()).toEqual({ may: 'act' });
    expect(alias({ previous: null }).may).toBe('not');
    expect(alias({ version: '$LATEST' }).may).toBe('not');
    expect(alias({ weighted: ['8'] })).toMatchObject({ may: 'wait', reason: expect.stringContaining('version 8') });
    expect(ask(form, null).may).toBe('wait');
  });
});

describe('before a document is run', () => {
  const form = { type: 'run-automation', document: 'shop-rebuild', role: null, parameters: {} } as const;

  it('none of its executions is under way', () => {
    expect(ask(form, { of: 'automation', underWay: null })).toEqual({ may: 'act' });
    expect(ask(form, { of: 'automation', underWay: { id: 'e-1', status: 'Waiting' } }).may).toBe('wait');
    expect(ask(form, null).may).toBe('wait');
  });

  it('it is given its role by the parameter that documents take it by, and only that role may be passed', () => {
    const role = 'arn:aws:iam::111122223333:role/rebuild';
    const given = { ...form, role, parameters: { Zone: ['a'] } };
    expect(intentOf(given)).toMatchObject({ parameters: { Zone: ['a'], AutomationAssumeRole: [role] } });
    expect(grantsOf(given, shop()).at(-1)).toEqual({ actions: ['iam:PassRole'], on: [{ arn: role }] });
    expect(grantsOf(form, shop()).flatMap(({ actions }) => actions)).not.toContain('iam:PassRole');
  });
});

it('a reading of something else is no reading', () => {
  expect(ask(restart, { of: 'automation', underWay: null }).may).toBe('wait');
});

it('what goes around the pipeline says so to people', () => {
  for (const form of [back, stop])
    expect(actionOf(intentOf(form)).says(intentOf(form))).toContain('around its pipeline');
});
