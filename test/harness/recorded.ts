import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { CreateDocumentCommand, SSMClient } from '@aws-sdk/client-ssm';

type ClientConfig = ConstructorParameters<typeof ECSClient>[0];

/** What `recorder.json` says for these: quick, and what is named here never becomes steady. */
export const recorderPlan = JSON.stringify({ paceSeconds: 0.2, fails: ['stuck:2'], hangs: ['slow.zip'] });

const group = { applicationName: 'shop', deploymentGroupName: 'blue' };

/** Things of ECS, CodeDeploy, Lambda and SSM in the recorder of a product, made with AWS's own clients. */
export const recorded = (config: ClientConfig) => {
  const ecs = new ECSClient(config ?? {});
  const codedeploy = new CodeDeployClient(config ?? {});
  const lambda = new LambdaClient(config ?? {});
  const ssm = new SSMClient(config ?? {});
  const rollOut = async (service: string, taskDefinition: string): Promise<void> =>
    void (await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service, taskDefinition })));
  const taskDefinition = async (service: string): Promise<string | undefined> =>
    (
      await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [service] }))
    ).services?.[0]?.taskDefinition
      ?.split('/')
      .at(-1);
  const isSteady = async (service: string): Promise<boolean> => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [service] }));
    return services?.[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED') === true;
  };
  return {
    /** a service by the name of its family, of which there are two task definitions; the first is rolled out */
    makeService: async (family: string): Promise<void> => {
      await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }));
      for (const image of ['one', 'two'])
        await ecs.send(new RegisterTaskDefinitionCommand({ family, containerDefinitions: [{ name: 'web', image }] }));
      const made = { cluster: 'shop', serviceName: family, taskDefinition: `${family}:1`, desiredCount: 2 };
      await ecs.send(new CreateServiceCommand(made));
    },
    rollOut,
    /** how many deployments of a service there were */
    rollouts: async (service: string): Promise<number> =>
      (await ecs.send(new ListServiceDeploymentsCommand({ cluster: 'shop', service }))).serviceDeployments?.length ?? 0,
    taskDefinition,
    isSteady,
    makeGroup: async (): Promise<void> => {
      await codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }));
      await codedeploy.send(new CreateDeploymentGroupCommand({ ...group, serviceRoleArn: 'arn:x' }));
    },
    deploy: async (key: string): Promise<void> => {
      const revision = { revisionType: 'S3' as const, s3Location: { bucket: 'b', key, bundleType: 'zip' as const } };
      await codedeploy.send(new CreateDeploymentCommand({ ...group, revision }));
    },
    deployments: async (): Promise<string[]> =>
      (await codedeploy.send(new ListDeploymentsCommand(group))).deployments ?? [],
    makeAlias: async (): Promise<void> => {
      await lambda.send(new CreateFunctionCommand({ FunctionName: 'shop', Role: 'arn:x', Code: {} }));
      for (const _version of [1, 2]) await lambda.send(new PublishVersionCommand({ FunctionName: 'shop' }));
      await lambda.send(new CreateAliasCommand({ FunctionName: 'shop', Name: 'live', FunctionVersion: '2' }));
    },
    alias: async (): Promise<string | undefined> =>
      (await lambda.send(new GetAliasCommand({ FunctionName: 'shop', Name: 'live' }))).FunctionVersion,
    makeDocument: async (): Promise<void> =>
      void (await ssm.send(
        new CreateDocumentCommand({ Name: 'shop-rebuild', DocumentType: 'Automation', Content: '{}' }),
      )),
  };
};
