import { type Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  timeout: Duration;
  /** how many of it may run at once; as many as there is work for, where left out */
  atOnce?: number;
};

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where Lambda unpacks a function's code. */
const shippedConfig = '/var/task/escalator.yaml';

/**
 * A function of ours: its handler bundled with the SDK it was tested with, and the configuration shipped beside it.
 * It can do nothing yet: whoever owns a thing grants it, and tells the function where it is in the same breath.
 */
export class HouseFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, { name, configFile, timeout, atOnce }: HouseFunctionProps) {
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
      logGroup: new LogGroup(scope, `${id}Log`, { retention: RetentionDays.THREE_MONTHS }),
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
