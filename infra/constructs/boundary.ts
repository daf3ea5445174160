import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnPolicy, ManagedPolicy, PermissionsBoundary, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * What no function of Escalator can ever do more than: the calls that they were granted when the stack was made. A
 * policy that somebody attaches to a role later opens nothing that is not among them (IAM User Guide, "Permissions
 * boundaries for IAM entities").
 */
export class Boundary extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'Escalator: what its functions can never do more than',
      statements: [
        new PolicyStatement({
          actions: Lazy.list({ produce: () => actionsGranted(scope) }),
          resources: ['*'], // on what is said by each role's own policy: a boundary grants nothing
        }),
      ],
    });
    PermissionsBoundary.of(scope).apply(policy);
  }
}

type Statements = { Statement: { Effect: string; Action: string | string[] }[] };

const actionsGranted = (scope: Construct): string[] => {
  const policies = scope.node.findAll().filter((one) => one instanceof CfnPolicy);
  const documents = policies.map(({ policyDocument }) => Stack.of(scope).resolve(policyDocument) as Statements);
  return [...new Set(documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action)))].toSorted();
};
