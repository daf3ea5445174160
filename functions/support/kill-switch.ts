import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** The one value of the kill switch's parameter that lets Escalator act; every other one stops it. */
export const actingAllowed = 'allow';

/** Reads the kill switch: true only when it says so; null when it cannot be read, which counts as thrown. */
export const readKillSwitch = async (client: SSMClient, parameter: string): Promise<boolean | null> => {
  try {
    const answer = await client.send(new GetParameterCommand({ Name: parameter }));
    return answer.Parameter?.Value === actingAllowed;
  } catch {
    return null;
  }
};
