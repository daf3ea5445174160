import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
} from '@aws-sdk/client-codedeploy';
import { describe, expect, it } from 'vitest';
import { onRecorder, readBackUnheard, readBackUnsent } from '../../harness/acting.ts';
import { pace, type Recorder } from '../../local/recorder/harness.ts';

const group = { applicationName: 'shop', deploymentGroupName: 'blue' };
const deployOn = async ({ codedeploy }: Recorder, key: string) => {
  const revision = { revisionType: 'S3' as const, s3Location: { bucket: 'b', key, bundleType: 'zip' as const } };
  return (await codedeploy.send(new CreateDeploymentCommand({ ...group, revision }))).deploymentId;
};

const on = onRecorder(async (recorder) => {
  const { codedeploy } = recorder;
  await codedeploy.send(new CreateApplicationCommand({ applicationName: 'shop' }));
  await codedeploy.send(new CreateDeploymentGroupCommand({ ...group, serviceRoleArn: 'arn:x' }));
  await deployOn(recorder, 'good.zip');
  recorder.pass(3 * pace);
});

describe('stop-deployment', () => {
  const form = { type: 'stop-deployment', application: 'shop', group: 'blue' } as const;

  it('stops, and is done when the rollback succeeded', async () => {
    expect(await on.hands.act(form).may()).toMatchObject({ may: 'already' });
    await deployOn(on.recorder, 'broken.zip');
    const act = on.hands.act(form);
    const result = await act.start();
    expect(result).toMatchObject({ outcome: 'started', operation: expect.stringMatching(/^d-/) });
    on.recorder.pass(pace);
    expect(await act.after(result)).toMatchObject({ status: 'running' });
    expect(await act.may()).toMatchObject({ may: 'wait', reason: expect.stringContaining('rolls back already') });
    on.recorder.pass(3 * pace);
    expect(await act.after(result)).toMatchObject({ status: 'done' });
  });

  it('whose answer is lost is found by the deployment that is being rolled back, and one that goes on did not begin', async () => {
    await deployOn(on.recorder, 'broken.zip');
    const act = on.hands.act(form);
    expect(await readBackUnsent(on.hands, act)).toMatchObject({ outcome: 'not-started' });
    expect(await readBackUnheard(on.hands, act)).toMatchObject({ outcome: 'started', operation: expect.any(String) });
  });

  it('of a group that is not there is refused', async () => {
    const other = on.hands.act({ ...form, group: 'green' });
    expect(await other.may()).toMatchObject({ may: 'not', reason: expect.stringContaining('DoesNotExist') });
  });
});
