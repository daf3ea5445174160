import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { readAlarms } from '../functions/support/alarms.ts';
import type { AlarmReading } from '../shared/ladder/input.ts';

/** Reads alarms where the AWS SDK's own settings lead: its credentials, `AWS_REGION`, `AWS_ENDPOINT_URL`. */
export const readAlarmsThere = async (names: string[]): Promise<{ [alarm: string]: AlarmReading } | null> => {
  const client = new CloudWatchClient({ maxAttempts: 3 });
  try {
    return await readAlarms(client, names);
  } finally {
    client.destroy();
  }
};
