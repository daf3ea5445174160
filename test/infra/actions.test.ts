import { expect, it } from 'vitest';
import type { ActionConfig, Config } from '../../shared/config/config.ts';
import { actionsOf, shop, statements, templateOf } from './template.ts';

/** What take-step is granted for levels that do this, and for looking at it: by action, the ends of the ARNs. */
const grantedFor = (forms: ActionConfig[]): { [action: string]: string[] } => {
  const levels = forms.map((form, index) => ({
    level: `level-${index}`,
    do: form,
    quiescence: 60_000,
    mode: 'act' as const,
    drastic: false,
    limit: 1,
  }));
  const config: Config = { ...shop, services: shop.services.map((service) => ({ ...service, levels })) };
  const granted: { [action: string]: string[] } = {};
  for (const [id, statement] of statements(templateOf(config)))
    if (id.startsWith('HealerTakeStep'))
      for (const action of actionsOf(statement))
        (granted[action] ??= []).push(...[statement.Resource].flat().map(endOf));
  return granted;
};

const endOf = (resource: unknown): string => {
  const joined = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  return typeof resource === 'string' ? resource : String(joined?.[1].at(-1));
};

const web = { cluster: 'shop', service: 'web' };
const rebuild = { type: 'run-automation' as const, document: 'shop-rebuild', parameters: {} };
const role = 'arn:aws:iam::111122223333:role/rebuild';

it('an action may do what it does on what it names, and look at it; on all only where AWS grants no less', () => {
  const granted = grantedFor([
    { type: 'restart-service', ...web },
    { type: 'stop-service-deployment', ...web },
    { type: 'stop-deployment', application: 'shop', group: 'blue' },
    { type: 'refresh-instances', group: 'shop-asg' },
    { type: 'previous-version', function: 'shop', alias: 'live' },
    { ...rebuild, role },
  ]);
  expect(granted).toMatchObject({
    'ecs:UpdateService': [':service/shop/web'],
    'ecs:StopServiceDeployment': [':service/shop/web', ':service-deployment/shop/web/*'],
    'ecs:DescribeServices': [':service/shop/web'],
    'ecs:DescribeServiceDeployments': [':service-deployment/shop/web/*'],
    'ecs:DescribeServiceRevisions': [':service-revision/shop/web/*'],
    'codedeploy:StopDeployment': ['*'],
    'codedeploy:GetDeployment': [':deploymentgroup:shop/blue'],
    'autoscaling:StartInstanceRefresh': [':autoScalingGroup:*:autoScalingGroupName/shop-asg'],
    'autoscaling:DescribeInstanceRefreshes': ['*'],
    'lambda:UpdateAlias': [':function:shop'],
    'lambda:GetAlias': [':function:shop'],
    'ssm:StartAutomationExecution': [
      ':document/shop-rebuild',
      ':automation-definition/shop-rebuild:*',
      ':automation-execution/*',
    ],
    'ssm:AddTagsToResource': [':automation-execution/*'],
    'iam:PassRole': [role],
  });
});

it('of an alarm that says by name what fails its series may be read, and of no other', () => {
  const services = shop.services.map((service) => ({
    ...service,
    checks: { ...service.checks, node: { name: 'node', alarms: ['nodes'], per: 'InstanceId', level: 'node' } },
  }));
  const granted = statements(templateOf({ ...shop, services })).filter(([, statement]) =>
    actionsOf(statement).includes('cloudwatch:DescribeAlarmContributors'),
  );
  expect(granted.map(([, statement]) => [statement.Resource].flat().map(endOf))).toEqual([
    [':alarm:nodes'],
    [':alarm:nodes'],
  ]);
  expect(JSON.stringify(templateOf(shop))).not.toContain('DescribeAlarmContributors');
});

it('of going back a task definition is setting one; a role is handed on only where the configuration names it', () => {
  const granted = grantedFor([
    { type: 'previous-task-definition', ...web },
    { ...rebuild, role: null },
  ]);
  expect(granted['ecs:UpdateService']).toEqual([':service/shop/web']);
  expect(Object.keys(granted)).not.toContain('iam:PassRole');
});
