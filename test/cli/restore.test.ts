import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeKey } from '../../shared/proof/note.ts';
import { memorySigner } from '../harness/sealing.ts';
import { temporary } from '../local/endpoint/harness.ts';
import { type Said, startWorld, type World } from './harness.ts';

let world: World;
let place: ReturnType<typeof temporary>;
let key: string;
beforeAll(async () => {
  world = await startWorld();
  place = temporary();
  key = join(place.dataDir, 'trail.pub');
  writeFileSync(key, writeKey(memorySigner().key));
});
afterAll(async () => {
  place.remove();
  await world.close();
});

const onAws = ['--account', '111122223333', '--bucket', 'archive', '--table', 'trail'];

/** With a kill switch that says so, and nothing else: whoever asks for more fails. */
const whileSwitchSays = async (text: string): Promise<Said> => {
  const endpoint = await place.start({ ssm: { GetParameter: () => ({ Parameter: { Value: text } }) } });
  const settings = {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  try {
    return await world.run('restore', '--key', key, ...onAws);
  } finally {
    vi.unstubAllEnvs();
    await endpoint.close();
  }
};

describe('restore', () => {
  it.each(['allow', 'allow except production/shop redeploy'])(
    'is refused while Escalator may act, and says how to stop it: %s',
    async (text) => {
      const { code, err } = await whileSwitchSays(text);
      expect([code, err.at(-1)]).toEqual([1, expect.stringMatching(/^ESC-051 .*Escalator may act; .*--value stop$/)]);
    },
  );

  it('wants to know from where and to where', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    const said = await world.run('restore', '--key', key, ...onAws);
    vi.unstubAllEnvs();
    expect([said.code, said.err.at(-1)]).toEqual([2, expect.stringMatching(/^ESC-007 /)]);
  });

  it('is refused without the public key, before anything is looked at', async () => {
    const said = await world.run('restore', '--key', join(place.dataDir, 'none'), '--data', place.dataDir);
    expect([said.code, said.err.at(-1)]).toEqual([1, expect.stringMatching(/^ESC-006 .* holds no public key/)]);
  });
});
