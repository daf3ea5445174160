import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealing } from '../../functions/seal-trail/handler.ts';
import { keyFileSigner } from '../../functions/support/key-file-signer.ts';
import { originOf } from '../../functions/support/environment.ts';
import { signCheckpoint, verifierKey, writeKey } from '../../shared/proof/note.ts';
import { startTrailTables, type TrailTables } from '../harness/trail-table.ts';
import { startWorld, type World } from './world.ts';

describe('whoever can sign', () => {
  let tables: TrailTables;
  let world: World;

  beforeAll(async () => void (tables = await startTrailTables()));
  afterAll(() => tables.close());
  beforeEach(async () => {
    world = await startWorld(tables);
    await world.record('a', 'b', 'c');
    await world.seal();
  });
  afterEach(() => world.close());

  const forge = async (size: number, root: string): Promise<string> => {
    const origin = originOf(world.environment);
    const { key, sign: signer } = keyFileSigner(world.environment.sealKey.file, origin);
    return signCheckpoint({ origin, size, root }, key, signer);
  };

  it('and nothing else signs a root of no trail: the next seal refuses to go on from it', async () => {
    writeFileSync(world.inArchive('checkpoint'), await forge(3, 'ab'.repeat(32)));
    expect((await world.seal())[0]).toContain('give another root');
  });

  it('and nothing else signs a larger size than there is: the next seal refuses', async () => {
    writeFileSync(world.inArchive('checkpoint'), await forge(9, 'ab'.repeat(32)));
    expect(await world.seal()).not.toEqual([]);
    expect(await world.export('pack')).not.toMatchObject({ code: 0 });
  });

  it('and can write everywhere signs a second history: it is good by itself, and only a checkpoint kept of the first tells', async () => {
    await world.export('first');
    const other = await startWorld(tables, world);
    await other.record('a', 'a lie', 'c');
    await other.export('second');
    expect(await other.verify('second')).toMatchObject({ code: 0 });
    expect(readFileSync(other.at('escalator.key'))).toEqual(readFileSync(world.at('escalator.key')));
    expect(await other.verify('second', '--checkpoint', world.at('first', 'checkpoint'))).toMatchObject({
      code: 2,
      out: expect.stringContaining('the history is not the one you kept the checkpoint of'),
    });
    await other.close();
  });

  it('shows two people two histories: whoever of them checks with the checkpoint of the other finds it', async () => {
    const other = await startWorld(tables, world);
    await other.record('a', 'b', 'hidden');
    await other.record('d');
    for (const [name, one] of [
      ['ada', world],
      ['bob', other],
    ] as const) {
      expect(await one.export(name)).toMatchObject({ code: 0 });
      expect(await one.verify(name)).toMatchObject({ code: 0 });
    }
    expect(await other.verify('bob', '--checkpoint', world.at('ada', 'checkpoint'))).toMatchObject({ code: 2 });
    expect(await world.verify('ada', '--checkpoint', other.at('bob', 'checkpoint'))).toMatchObject({ code: 2 });
    await other.close();
  });

  it('goes on with one history: a pack of next time fits the checkpoint of this time', async () => {
    await world.export('now');
    await world.record('d', 'e');
    await world.export('later', '--checkpoint', world.at('now', 'checkpoint'));
    expect(await world.verify('later', '--checkpoint', world.at('now', 'checkpoint'))).toMatchObject({
      code: 0,
      out: expect.stringMatching(/kept +same history/),
    });
  });

  it('puts another key in the place of ours: nothing more is signed, for it cannot continue what ours signed', async () => {
    const other = await startWorld(tables);
    cpSync(world.environment.archive.dir, other.environment.archive.dir, { recursive: true });
    await other.record('a', 'b', 'c', 'd');
    expect((await other.seal())[0]).toContain('not signed by our key');
    await other.close();
  });

  it('takes the key away: the call of the sealer fails', async () => {
    await world.record('d');
    writeFileSync(world.environment.sealKey.file, 'no key');
    await expect((async () => sealing(world.environment)())()).rejects.toThrow(
      'the key that seals are signed with cannot be read',
    );
  });

  it('signs with another key from the beginning: who has the right public key from elsewhere finds it', async () => {
    await world.export('pack');
    cpSync(world.at('pack'), world.at('forged'), { recursive: true });
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const origin = originOf(world.environment);
    const key = verifierKey(origin, Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
    const [, size = '', root = ''] = world.read('pack', 'checkpoint').split('\n');
    const checkpoint = { origin, size: Number(size), root: Buffer.from(root, 'base64').toString('hex') };
    const forged = await signCheckpoint(checkpoint, key, (text) => Promise.resolve(sign(null, text, privateKey)));
    writeFileSync(world.at('forged', 'checkpoint'), forged);
    expect(await world.verify('forged')).toMatchObject({ code: 4 });
    writeFileSync(join(world.at('forged'), 'escalator.key'), `${writeKey(key)}\n`);
    const inside = await world.run('verify', world.at('forged'), '--key', world.at('forged', 'escalator.key'));
    expect(inside).toMatchObject({ code: 4, out: expect.stringContaining('self-consistent only') });
  });
});
