import { Duration, Stack, Stage } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from '../../functions/support/environment.ts';
import type { Config } from '../../shared/config/config.ts';
import { shippedText } from '../../shared/config/shipped.ts';
import { bundleOf, folderOf } from '../bundles.ts';
import { raise, type Watch } from './alarm.ts';

export type HouseFunctionProps = {
  /** its folder in `functions/`, and its name: `record-change` */
  name: string;
  /** shipped with it */
  config: Config;
  /** what its log is encrypted with */
  key: IKey;
  /** told where it goes on failing; left out where what stands still without it has an alarm already (docs/decisions/0050) */
  watch?: Watch;
  timeout: Duration;
  /** of its role, where somebody elsewhere lets it in by that */
  roleName?: string;
  /** how many of it may run at once; as many as there is work for, where left out */
  atOnce?: number;
};

/** A role that may write to the function's own log and nothing else: AWS's policy for that is good for every log there is. */
const roleFor = (scope: Construct, id: string, logGroup: LogGroup, roleName?: string): Role => {
  const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
  const role = new Role(scope, `${id}Role`, { assumedBy, ...(roleName !== undefined && { roleName }) });
  logGroup.grant(role, 'logs:CreateLogStream', 'logs:PutLogEvents');
  return role;
};

/** Where Lambda unpacks a function's code. */
const shippedConfig = '/var/task/escalator.json';

/**
 * A function of ours: its handler bundled with the SDK it was tested with, and the configuration shipped beside it.
 * It can do nothing yet: whoever owns a thing grants it, and tells the function where it is in the same breath.
 */
export class HouseFunction extends LambdaFunction {
  readonly name: string;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    const { name, config, key, watch, timeout, atOnce, roleName } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, { retention: RetentionDays.THREE_MONTHS, encryptionKey: key });
    super(scope, id, {
      description: `Escalator: ${name}`,
      code: codeOf(scope, name, config),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout,
      ...(atOnce !== undefined && { reservedConcurrentExecutions: atOnce }),
      memorySize: 512, // the SDK's cold start is CPU-bound, and CPU comes with memory
      logGroup,
      role: roleFor(scope, id, logGroup, roleName),
      environment: {
        [variables.account]: Stack.of(scope).account,
        [variables.configFile]: shippedConfig,
      },
    });
    this.name = name;
    if (watch !== undefined) this.watchOver(watch);
  }

  /** One call that fails is made again; only what goes on failing is told. */
  private watchOver(watch: Watch): void {
    const period = Duration.minutes(1);
    const failed = new MathExpression({
      expression: 'errors + throttles',
      label: 'calls that failed, or could not be made',
      usingMetrics: { errors: this.metricErrors({ period }), throttles: this.metricThrottles({ period }) },
      period,
    });
    const name = `A function fails: ${this.node.id}`;
    raise(this, watch, { name, metric: failed, above: 0, periods: 3, of: 5, silence: 'well' });
  }

  /** Lets it call AWS: these actions on these resources, nothing else. */
  letCall(actions: string[], resources: string[], conditions?: { [operator: string]: unknown }): void {
    if (resources.length === 0) return;
    this.addToRolePolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }
}

/** Lets a function write what a key encrypts, and read it again. Each call by its name: AWS's usual grant has wildcards. */
export const letUse = (key: IKey, user: IGrantable): void => {
  key.grant(
    user,
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
  );
};

/**
 * What Lambda unpacks: the bundle, and the configuration. Both stand in the assembly, and beside them the map, for
 * whoever reads a trace of what is minified.
 */
const codeOf = (scope: Construct, name: string, config: Config): Code => {
  // Whoever only looks at the template needs no bundle.
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(folderOf(name));
  const assembly = Stage.of(scope)?.outdir ?? '';
  const folder = join(assembly, 'functions', name);
  const { code, map } = bundleOf(name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.mjs'), code);
  writeFileSync(join(folder, 'escalator.json'), shippedText(config));
  if (map !== null) writeFileSync(join(assembly, 'functions', `${name}.mjs.map`), map);
  return Code.fromAsset(folder);
};
