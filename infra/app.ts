import { App, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { membersOf } from '../shared/config/member.ts';
import { EscalatorError } from '../shared/errors.ts';
import { EscalatorStack } from './escalator-stack.ts';
import { MemberStack } from './member-stack.ts';
import { ArchiveStack } from './options/archive-stack.ts';
import { ChatStack } from './options/chat-stack.ts';
import { CloudTrailStack } from './options/cloud-trail-stack.ts';
import { GlobalEventsStack } from './options/global-events-stack.ts';
import { RecorderStack } from './options/recorder-stack.ts';
import { readConfig } from './read-config.ts';

/**
 * The CDK app: `cdk synth -c config=path/to/escalator.yaml`. The file says what is watched and what may be acted on;
 * what is granted comes from it and from nothing else. The account and Region are those it is deployed to. With
 * `-c archive=BUCKET` seals are kept in a bucket of another account; with `-c watchdog=EMAIL` somebody is told when
 * Escalator itself is silent. The other stacks are there when they are asked for (docs/how-to/add-optional-parts.md).
 */
const app = new App();
const said = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;
// The CDK looks for its own bootstrap; a template without that question deploys anywhere.
const plain = () => ({ synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) });

const [config, archive, watchdog] = [readConfig(String(said('config'))), said('archive'), said('watchdog')];
new EscalatorStack(app, 'Escalator', {
  ...plain(),
  config,
  ...(archive && { archive }),
  ...(watchdog && { watchdog }),
  ...(said('secret-reads') && { secretReads: true }),
});

if (said('cloudtrail')) new CloudTrailStack(app, 'EscalatorCloudTrail', plain());
const home = said('home');
if (home) new GlobalEventsStack(app, 'EscalatorGlobalEvents', { ...plain(), home, env: { region: 'us-east-1' } });
if (said('recorder')) new RecorderStack(app, 'EscalatorRecorder', plain());
const slack = said('slack');
if (slack) new ChatStack(app, 'EscalatorChat', { ...plain(), config, slack });
const archiveOf = said('archive-of');
if (archiveOf) new ArchiveStack(app, 'EscalatorArchive', { ...plain(), of: archiveOf, days: Number(said('days')) });

const environment = said('member');
if (environment) {
  const [, account = '', region = ''] = /^(\d{12})\/([\w-]+)$/.exec(said('home') ?? '') ?? [];
  const home = { account, region };
  const member = membersOf(config, home).find((one) => one.environment === environment);
  if (account === '')
    throw new EscalatorError('ESC-007', 'it is not said where Escalator is', 'pass -c home=ACCOUNT/REGION');
  if (member === undefined)
    throw new EscalatorError(
      'ESC-011',
      `no environment ${environment} is elsewhere`,
      'give it account: or region: in the configuration',
    );
  new MemberStack(app, `EscalatorMember-${environment}`, {
    ...plain(),
    config,
    member,
    home,
    watchdog: watchdog ?? null,
    looks: said('looks')?.split(',') ?? [],
  });
}
