/** What a CDK app takes from here (docs/how-to/use-the-construct.md). */
export { Escalator, type EscalatorProps } from './escalator.ts';
export { EscalatorStack, type EscalatorStackProps } from './escalator-stack.ts';
