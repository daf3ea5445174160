import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Reads the text of the kill switch; null when it cannot be read, which counts as thrown. */
export const readKillSwitch = async (client: SSMClient, parameter: string): Promise<string | null> => {
  try {
    const answer = await client.send(new GetParameterCommand({ Name: parameter }));
    return answer.Parameter?.Value ?? null;
  } catch {
    return null;
  }
};
