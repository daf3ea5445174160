import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Role, roles } from '../../shared/door/roles.ts';
import type { Config } from '../../shared/config/config.ts';
import { raise, type Watch } from './alarm.ts';
import type { Auditor } from './auditor.ts';
import { HouseFunction } from './house-function.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { Trail } from './trail.ts';
import type { WorkQueue } from './work-queue.ts';

export type DoorProps = {
  key: IKey;
  config: Config;
  trail: Trail;
  auditor: Auditor;
  alerts: Watch;
  killSwitch: KillSwitch;
  queues: WorkQueue[];
};

/**
 * Where people ask, and say what is to be done. Every request is signed with AWS credentials and goes through IAM: who
 * may do what is said by the policies made here, one for each role, for whoever runs the account to give to people. The
 * signer's ARN is the actor of what comes of it.
 */
export class Door extends Construct {
  readonly url: string;
  /** how many asked, how many were refused, and how often the door itself failed */
  readonly metrics: { calls: IMetric; refused: IMetric; failed: IMetric };
  private readonly api: HttpApi;

  constructor(scope: Construct, id: string, props: DoorProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Escalator: questions, and orders',
      createDefaultStage: false, // the one below says how much, and who asked
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    this.answer(HttpMethod.GET, this.answerer(props));
    this.answer(HttpMethod.POST, this.commander(props));
    this.open(props.key);
    for (const [role, { about, may }] of Object.entries(roles)) this.admit(role, about, may);
    const each = { period: Duration.minutes(1), statistic: 'Sum' };
    const failed = this.api.metricServerError(each);
    this.metrics = {
      calls: this.api.metricCount({ ...each, label: 'calls' }),
      refused: this.api.metricClientError({ ...each, label: 'refused' }),
      failed: failed.with({ label: 'failed' }),
    };
    raise(this, props.alerts, { name: 'The door fails', metric: failed, above: 0, periods: 3, of: 5, silence: 'well' });
    this.url = addressOf(this.api);
    new CfnOutput(this, 'Url', { value: this.url, description: 'ESCALATOR_URL for the command line' });
  }

  private answerer({ key, config, trail, auditor, killSwitch }: DoorProps): HouseFunction {
    const answerer = new HouseFunction(this, 'AnswerQuestion', {
      name: 'answer-question',
      config,
      key,
      timeout: Duration.seconds(29), // API Gateway waits no longer
    });
    trail.letRead(answerer);
    trail.letReadDetails(answerer);
    auditor.letReadSeals(answerer);
    killSwitch.letSee(answerer);
    return answerer;
  }

  private commander({ key, config, trail, queues }: DoorProps): HouseFunction {
    const commander = new HouseFunction(this, 'TakeCommand', {
      name: 'take-command',
      config,
      key,
      timeout: Duration.seconds(29),
    });
    trail.letAppend(commander);
    for (const queue of queues) queue.letRedrive(commander);
    return commander;
  }

  private answer(method: HttpMethod, worker: HouseFunction): void {
    const integration = new HttpLambdaIntegration(`${method}Integration`, worker);
    this.api.addRoutes({ path: '/api/{path+}', methods: [method], integration });
  }

  /** Who asked what is logged beside the record, also where it was refused. */
  private open(key: IKey): void {
    const log = new LogGroup(this, 'Access', { retention: RetentionDays.ONE_YEAR, encryptionKey: key });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 }, // of all people together: nobody types faster
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: accessLog },
    });
  }

  /** A policy to give to people. It opens these paths of this API, and nothing else. */
  private admit(role: string, description: string, may: Role['may']): void {
    const { account, region, partition } = Stack.of(this);
    const resources = may.map(
      ({ method, path }) =>
        `arn:${partition}:execute-api:${region}:${account}:${this.api.apiId}/$default/${method}${path}`,
    );
    new ManagedPolicy(this, `Policy-${role}`, {
      managedPolicyName: `escalator-${role}-${region}`, // policies are of the account: another Region has its own
      description: `Escalator: ${description}`,
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
  }
}

/** Never what was said: only who asked for what, and what came of it. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    at: '$context.requestTime',
    id: '$context.requestId',
    who: '$context.identity.userArn',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    refused: '$context.error.message',
  }),
);

/** As API Gateway makes it of the API's id: CloudFormations that know no attribute of an HTTP API know its id. */
const addressOf = (api: HttpApi): string => {
  const { region, urlSuffix } = Stack.of(api);
  return `https://${api.apiId}.execute-api.${region}.${urlSuffix}`;
};
