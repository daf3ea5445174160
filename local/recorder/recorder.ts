import type { Operations } from '../endpoint/operations.ts';
import type { Transaction, World } from '../world.ts';
import { automationOperations } from './automation.ts';
import { openBook } from './book.ts';
import { cloudFormationOperations } from './cloudformation.ts';
import { cloudTrailOperations, openCallBook } from './cloudtrail.ts';
import { codeDeployOperations } from './codedeploy.ts';
import { ecsOperations } from './ecs.ts';
import { lambdaOperations } from './lambda.ts';
import type { Plan } from './plan.ts';
import { secretOperations } from './secrets.ts';

/**
 * CloudFormation, CloudTrail, CodeDeploy, ECS, Lambda, Secrets Manager and SSM Automation on one machine: a recorder. It
 * keeps what is created, answers and refuses as the services do, and lets time pass over what is under way; it runs
 * nothing, so that each action of the product can be seen to call what it should, on things that behave.
 */
export const createRecorder = (
  world: World,
  transaction: Transaction,
  plan: Plan,
): {
  [scope in 'cloudformation' | 'cloudtrail' | 'codedeploy' | 'ecs' | 'lambda' | 'secretsmanager' | 'ssm']: Operations;
} => {
  const options = { world, transaction, plan, book: openBook(world.db) };
  return {
    cloudformation: cloudFormationOperations({ ...options, calls: openCallBook(options) }),
    cloudtrail: cloudTrailOperations(options),
    codedeploy: codeDeployOperations(options),
    ecs: ecsOperations(options),
    lambda: lambdaOperations(options),
    secretsmanager: secretOperations(options),
    ssm: automationOperations(options),
  };
};
