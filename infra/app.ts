import { App, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { EscalatorStack } from './escalator-stack.ts';

/**
 * The CDK app: `cdk synth -c config=path/to/escalator.yaml`. The file says what is watched and what may be acted on;
 * what is granted comes from it and from nothing else. The account and Region are those it is deployed to. With
 * `-c archive=BUCKET` seals are kept in a bucket of another account (docs/how-to/keep-the-archive-elsewhere.md); with
 * `-c watchdog=EMAIL` somebody is told when Escalator itself is silent.
 */
const app = new App();
const archive = app.node.tryGetContext('archive') as string | undefined;
const watchdog = app.node.tryGetContext('watchdog') as string | undefined;
new EscalatorStack(app, 'Escalator', {
  // The CDK looks for its own bootstrap; a template without that question deploys anywhere.
  synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  config: String(app.node.getContext('config')),
  ...(archive && { archive }),
  ...(watchdog && { watchdog }),
});
