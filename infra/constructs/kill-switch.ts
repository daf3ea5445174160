import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { variables } from '../../functions/support/environment.ts';
import type { HouseFunction } from './house-function.ts';

/**
 * What stops all acting: a parameter that anybody with the right to can set to `stop` in the console, also while our
 * own door is down. A deployment leaves a thrown switch thrown: CloudFormation sets it only when this value changes.
 */
export class KillSwitch extends Construct {
  private readonly parameter: StringParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.parameter = new StringParameter(this, 'Parameter', {
      parameterName: '/escalator/acting',
      description: 'Escalator acts only while this says allow',
      stringValue: 'allow',
    });
  }

  /** Lets a function see the switch, never set it. */
  letSee(reader: HouseFunction): void {
    reader.letCall(['ssm:GetParameter'], [this.parameter.parameterArn]);
    reader.addEnvironment(variables.killSwitch, this.parameter.parameterName);
  }
}
