import { type Duration, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { fileURLToPath } from 'node:url';
import type { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';

export type HouseFunctionProps = {
  /** its folder in `functions/`, and its name: `record-change` */
  name: string;
  /** path of `escalator.yaml` */
  configFile: string;
  /** what its log is encrypted with */
  key: IKey;
  timeout: Duration;
  /** how many of it may run at once; as many as there is work for, where left out */
  atOnce?: number;
};

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A role that may write to the function's own log and nothing else: AWS's policy for that is good for every log there is. */
const roleFor = (scope: Construct, id: string, logGroup: LogGroup): Role => {
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grant(role, 'logs:CreateLogStream', 'logs:PutLogEvents');
  return role;
};

/** Where Lambda unpacks a function's code. */
const shippedConfig = '/var/task/escalator.yaml';

/**
 * A function of ours: its handler bundled with the SDK it was tested with, and the configuration shipped beside it.
 * It can do nothing yet: whoever owns a thing grants it, and tells the function where it is in the same breath.
 */
export class HouseFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, { name, configFile, key, timeout, atOnce }: HouseFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, { retention: RetentionDays.THREE_MONTHS, encryptionKey: key });
    super(scope, id, {
      description: `Escalator: ${name}`,
      entry: root(`functions/${name}/handler.ts`),
      projectRoot: root(''),
      depsLockFilePath: root('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout,
      ...(atOnce !== undefined && { reservedConcurrentExecutions: atOnce }),
      memorySize: 512, // the SDK's cold start is CPU-bound, and CPU comes with memory
      logGroup,
      role: roleFor(scope, id, logGroup),
      environment: {
        [variables.account]: Stack.of(scope).account,
        [variables.configFile]: shippedConfig,
        NODE_OPTIONS: '--enable-source-maps',
      },
      bundling: bundling(configFile),
    });
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

const bundling = (configFile: string) => ({
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  bundleAwsSDK: true, // the versions that were tested, not those the runtime has that day
  minify: true,
  sourceMap: true,
  // CommonJS packages inside an ES module still ask for `require`.
  banner: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  commandHooks: {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input: string, output: string) => [`cp "${configFile}" "${output}/escalator.yaml"`],
  },
});
