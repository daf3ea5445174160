import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Escalator, type EscalatorProps } from './escalator.ts';

export type EscalatorStackProps = StackProps & EscalatorProps;

/** Escalator as a stack of its own. */
export class EscalatorStack extends Stack {
  constructor(scope: Construct, id: string, { config, archive, watchdog, secretReads, ...props }: EscalatorStackProps) {
    super(scope, id, { description: 'Escalator: every change on the record, every failing check answered', ...props });
    // CDK leaves this id out of the names of what is in it: the stack's own name says enough.
    new Escalator(this, 'Default', {
      config,
      ...(archive && { archive }),
      ...(watchdog && { watchdog }),
      ...(secretReads !== undefined && { secretReads }),
    });
  }
}
