import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { type Member, type MemberDoes, memberRole, membersOf } from '../../shared/config/member.ts';
import type { HouseFunction } from './house-function.ts';

/**
 * What this side of environments in other accounts and Regions is: their events are let onto the bus, and functions into
 * the roles that they lend (infra/member-stack.ts is the other side).
 */
export class Members extends Construct {
  private readonly members: Member[];

  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id);
    this.members = membersOf(config, Stack.of(this));
    for (const account of this.accounts) this.letSend(account);
  }

  /** The other accounts, each once. */
  get accounts(): string[] {
    const { account: home } = Stack.of(this);
    return [...new Set(this.members.map(({ account }) => account))].filter((account) => account !== home);
  }

  get areThere(): boolean {
    return this.members.length > 0;
  }

  /** Lets a function take the roles that members lend for what it does, and none that they lend for anything else. */
  letTake(taker: HouseFunction, ...does: MemberDoes[]): void {
    const { partition } = Stack.of(this);
    const arns = this.members.flatMap(({ account, environment }) =>
      does.map((one) => `arn:${partition}:iam::${account}:role/${memberRole(environment, one)}`),
    );
    taker.letCall(['sts:AssumeRole'], arns);
  }

  /** Whoever sends is still held to events of his own account: the rules of the intake pin it. */
  private letSend(account: string): void {
    const { partition } = Stack.of(this);
    new CfnEventBusPolicy(this, `Policy-${account}`, {
      statementId: `escalator-member-${account}`,
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'events:PutEvents',
        Resource: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
      },
    });
  }
}
