import { describe, expect, it } from 'vitest';
import { handlerFor as answerQuestion } from '../../functions/answer-question/handler.ts';
import { environmentFrom } from '../../functions/support/environment.ts';
import { handlerFor as takeCommand } from '../../functions/take-command/handler.ts';
import { roles } from '../../shared/door/roles.ts';
import { shippedFrom } from '../harness/shipped.ts';
import { actionsOf, configFile, ofType, resources, type Statement, statements } from './template.ts';

/** The paths of the door that a role's policy opens, as IAM matches them. */
const openedBy = (role: string): RegExp[] => {
  const [, { Properties }] =
    ofType('AWS::IAM::ManagedPolicy').find(([, policy]) =>
      JSON.stringify(policy.Properties['ManagedPolicyName'])?.includes(`escalator-${role}-`),
    ) ?? (['', { Properties: {} }] as const);
  const { Statement } = (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument;
  return Statement.flatMap(({ Effect, Action, Resource }) => {
    expect([Effect, Action]).toEqual(['Allow', 'execute-api:Invoke']);
    return [Resource].flat().map((arn) => {
      const written = JSON.stringify(arn).replaceAll(/\{"Ref":"\w+"\}/g, '');
      const [, path = ''] = /\$default\/([^"]+)"/.exec(written) ?? [];
      return new RegExp(`^${path.replaceAll('*', '.*')}$`);
    });
  });
};

const isOpen = (role: string, method: string, path: string): boolean =>
  openedBy(role).some((opened) => opened.test(`${method}${path}`));

const environment = {
  ...environmentFrom({}),
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:1',
  configFile: shippedFrom(configFile),
};
const asked = answerQuestion(environment, () => ({}))
  .routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/') && !path.includes('*'))
  .map(({ path }) => path.replaceAll(/:\w+(\{[^}]*\})?/g, 'x'));
const orders = ['hold', 'claim', 'resume', 'force', 'converge', 'quarantine', 'release'];
const told = takeCommand(environment)
  .routes.filter(({ method }) => method === 'POST')
  .flatMap(({ path }) =>
    path === '/api/orders/:name' ? [...orders, 'approve'].map((name) => `/api/orders/${name}`) : [path],
  );

/** Who may give each command; a command that is not here is a mistake of whoever added it. */
const may: { [path: string]: (keyof typeof roles)[] } = {
  '/api/exports': ['auditor'],
  '/api/notes': ['operator'],
  '/api/gamedays': ['operator'],
  '/api/acknowledgements': ['operator'],
  '/api/silences/set': ['operator'],
  '/api/silences/lifted': ['operator'],
  '/api/redrives': ['operator'],
  '/api/orders/approve': ['approver'],
  ...Object.fromEntries(orders.map((name) => [`/api/orders/${name}`, ['operator']])),
};

describe('the door', () => {
  it.each(asked)('lets everybody with a role ask GET %s, and tell nobody anything by it', (path) => {
    for (const role of Object.keys(roles)) {
      expect(isOpen(role, 'GET', path)).toBe(true);
      expect(isOpen(role, 'POST', path)).toBe(false);
    }
  });

  it.each(told)('lets POST %s be said by those whose it is, and by nobody else', (path) => {
    expect(Object.keys(roles).filter((role) => isOpen(role, 'POST', path))).toEqual(may[path]);
  });

  it('asks for a signature on every route', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route');
    expect(routes.map(([, { Properties }]) => Properties['RouteKey'])).toEqual([
      'GET /api/{path+}',
      'POST /api/{path+}',
    ]);
    for (const [, { Properties }] of routes) expect(Properties['AuthorizationType']).toBe('AWS_IAM');
  });

  it('logs who asked for what and what came of it, never what was said', () => {
    const [[, stage] = ['', { Properties: {} }]] = ofType('AWS::ApiGatewayV2::Stage');
    const { AccessLogSettings } = stage.Properties as { AccessLogSettings: { Format: string } };
    expect(Object.keys(JSON.parse(AccessLogSettings.Format) as object)).toEqual([
      'at',
      'id',
      'who',
      'method',
      'path',
      'status',
      'refused',
    ]);
  });

  it('has nobody in it who can act on what is delivered, or answer for the kill switch', () => {
    const mine = statements().filter(([id]) => id.startsWith('Door'));
    const actions = new Set(mine.flatMap(([, statement]) => actionsOf(statement)));
    expect(
      [...actions].filter((action) => /^(code|ecs|lambda|autoscaling|cloudformation|sns|kms:Sign)/.test(action)),
    ).toEqual([]);
    expect([...actions].filter((action) => action.startsWith('ssm:'))).toEqual(['ssm:GetParameter']);
  });

  it('tells where it is', () => {
    expect(Object.keys(resources).some((id) => id.startsWith('DoorApi'))).toBe(true);
  });
});
