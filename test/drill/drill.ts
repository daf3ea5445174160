import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allEntries,
  type Answer,
  brokenServer,
  cloneOf,
  escalator,
  incidentAfter,
  type Product,
  root,
  run,
  startProduct,
  untilGood,
} from '../harness/product.ts';

/** What came of a drill. Every number was counted, none is assumed. */
export type Drilled = {
  /** entries that were signed when the table was lost, and those that stand again */
  sealed: number;
  restored: number;
  /** entries recorded after the last seal: kinds and times of what is lost */
  lost: { kind: string; observedAt: string }[];
  /** whether each question has the same answer as before, by question */
  same: { [question: string]: boolean };
  /** what verify says of a new pack, compared with the checkpoint kept from before the loss */
  verified: string;
  /** how long it took to put the trail together again (ms) */
  restoreMs: number;
};

/**
 * Loses the trail of a real product on this machine, and restores it: a release is broken and rolled back, the trail is
 * sealed, something more is recorded, the process is killed, its table is deleted. What is asked before and after must
 * be answered alike.
 *
 * @param dir an empty directory
 * @param say is told what is being done
 */
export const drill = async (dir: string, say: (line: string) => void): Promise<Drilled> => {
  const data = join(dir, 'data');
  const [key, pack] = [join(dir, 'trail.pub'), join(dir, 'before')];
  say('starting the product, and breaking a release so that there is something to remember');
  const product = await startProduct(data);
  await live(product, dir);
  say('sealing, and taking the key and a pack away');
  writeFileSync(key, await escalator(product, 'key'));
  await escalator(product, 'export', '--out', pack);
  const sealed = sealedSize(pack);
  const before = await questions(product, sealed);
  await escalator(product, 'hold', 'production/shop', '--why', 'the last thing before the loss');
  const lost = (await allEntries(product)).slice(sealed);
  say(`killing it, and deleting its table: ${sealed} entries were sealed, ${lost.length} were not`);
  await product.kill();
  rmSync(join(data, 'dynamodb'), { recursive: true });
  const began = performance.now();
  say(await restore(data, key));
  const restoreMs = Math.round(performance.now() - began);
  say('starting it again, and asking the same questions');
  const again = await startProduct(data);
  try {
    const after = await questions(again, sealed);
    const verified = await verifiedAgain(again, dir, { key, pack });
    const same = Object.fromEntries(Object.keys(before).map((name) => [name, before[name] === after[name]]));
    const restored = (JSON.parse(after['entries'] ?? '[]') as unknown[]).length;
    return {
      sealed,
      restored,
      lost: lost.map(({ kind, observedAt }) => ({ kind, observedAt })),
      same,
      verified,
      restoreMs,
    };
  } finally {
    await again.stop();
  }
};

/** A good release, a broken one, and what the ladder does about it. */
const live = async (product: Product, dir: string): Promise<void> => {
  await untilGood(product);
  const since = new Date().toISOString();
  const clone = await cloneOf(product.ready.git, join(dir, 'clone'));
  await clone.push('Break the shop', { 'server.js': brokenServer });
  await incidentAfter(product, since);
};

const sealedSize = (pack: string): number => Number(readFileSync(join(pack, 'checkpoint'), 'utf8').split('\n')[1]);

/** What is asked: of what was sealed, and of what follows from it. Segments are other ones; nothing else is. */
const questions = async (product: Product, sealed: number): Promise<{ [question: string]: string }> => {
  const entries = (await allEntries(product)).filter(({ seq }) => seq < sealed);
  const [{ id: incident }] = (await product.get('/api/incidents')).items;
  return {
    entries: JSON.stringify(entries.map(({ hash }: Answer) => hash)),
    incidents: text(await product.get('/api/incidents')),
    story: text(await product.get(`/api/incidents/${incident}`)),
    releases: text(await product.get('/api/releases')),
    quarantine: text((await product.get('/api/ladders/production/shop')).quarantine),
  };
};

const text = (answer: Answer): string =>
  JSON.stringify(answer, (name, value: unknown) => (name === 'segment' ? undefined : value)) ?? '';

const restore = async (data: string, key: string): Promise<string> => {
  const words = ['restore', '--data', data, '--key', key, '--by', 'the drill'];
  const args = ['--disable-warning=ExperimentalWarning', 'cli/main.ts', ...words];
  return (await run(process.execPath, args, { cwd: root })).stdout.trimEnd();
};

type Kept = { key: string; pack: string };

const verifiedAgain = async (product: Product, dir: string, { key, pack }: Kept): Promise<string> => {
  const out = join(dir, 'after');
  const kept = join(pack, 'checkpoint');
  await escalator(product, 'export', '--out', out, '--checkpoint', kept);
  const said = await escalator(product, 'verify', out, '--key', key, '--checkpoint', kept);
  return /^verdict +(.*)$/m.exec(said)?.[1] ?? said;
};
