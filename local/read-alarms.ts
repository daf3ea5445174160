import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describeAlarms } from '../functions/support/alarms.ts';
import type { Alarms } from '../shared/config/remarks-on-alarms.ts';

/**
 * What alarms are, where the AWS SDK's own settings lead: its credentials, `AWS_REGION`, `AWS_ENDPOINT_URL`. Null where
 * nobody answers.
 */
export const describeAlarmsThere = async (names: string[]): Promise<Alarms | null> => {
  const client = new CloudWatchClient({ maxAttempts: 3 });
  try {
    return await describeAlarms(client, names);
  } catch {
    return null;
  } finally {
    client.destroy();
  }
};
