import { Stack, type StackProps } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Config } from '../../shared/config/config.ts';
import { EscalatorError } from '../../shared/errors.ts';

export type ChatStackProps = StackProps & {
  config: Config;
  /** the workspace and the channel by their ids: `T0123456789/C0123456789` */
  slack: string;
};

/**
 * Tells a Slack channel what goes to topics with `chat: true`, and what the watchdog says, by Amazon Q Developer in chat
 * applications. It tells and does nothing: whoever gives orders does so by the door, under his own name.
 */
export class ChatStack extends Stack {
  constructor(scope: Construct, id: string, { config, slack, ...props }: ChatStackProps) {
    super(scope, id, { description: 'Escalator, optional: alerts in a Slack channel', ...props });
    const [, slackWorkspaceId = '', slackChannelId = ''] = /^(T\w+)\/([CG]\w+)$/.exec(slack) ?? [];
    const chatted = Object.values(config.topics).filter(({ chat }) => chat === true);
    if (slackChannelId === '')
      throw new EscalatorError(
        'ESC-007',
        `${slack} is no channel`,
        'pass -c slack=WORKSPACE/CHANNEL, both by their ids',
      );
    if (chatted.length === 0)
      throw new EscalatorError(
        'ESC-011',
        'no topic is for chat',
        'give one chat: true (docs/reference/configuration.md)',
      );
    const names = [...chatted.map(({ sns }) => sns), 'escalator-watchdog'];
    const nothing = ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll'); // what anybody may do from the channel, at most
    new SlackChannelConfiguration(this, 'Channel', {
      slackChannelConfigurationName: 'escalator',
      slackWorkspaceId,
      slackChannelId,
      notificationTopics: names.map((name) =>
        Topic.fromTopicArn(this, name, this.formatArn({ service: 'sns', resource: name })),
      ),
      role: new Role(this, 'Role', { assumedBy: new ServicePrincipal('chatbot.amazonaws.com') }),
      guardrailPolicies: [nothing],
    });
  }
}
