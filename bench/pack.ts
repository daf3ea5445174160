import { generateKeyPairSync, sign } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packWriter } from '../cli/export/writer.ts';
import { factsIn } from '../shared/event/facts-in.ts';
import { signCheckpoint, verifierKey, writeKey } from '../shared/proof/note.ts';
import type { Draft, Group } from '../shared/trail/entry.ts';
import { rootOf } from '../shared/trail/merkle.ts';
import { buildSegment, emptyLane, entriesPerSegment, type Head, linesOf, propose } from '../shared/trail/segment.ts';
import { files } from '../shared/verify/source.ts';

const fixtures = fileURLToPath(new URL('../test/fixtures/events', import.meta.url));
const place = { lane: '000000000000.us-east-1', origin: 'escalator/000000000000/us-east-1' };

/** What delivery on AWS looks like: every kind of event there is a fixture of, as it goes on record. */
export const realDrafts = (): Draft[] => {
  const context = {
    account: '123456789012',
    region: 'us-east-1',
    locate: { pipeline: () => null, repository: () => null, alarm: () => null } as never,
    digest: () => 'd'.repeat(64),
    identitiesVerified: true,
  };
  const paths = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  return paths
    .flatMap((path) => factsIn(readFileSync(join(fixtures, path), 'utf8'), context).groups)
    .flatMap(({ entries }) => entries);
};

/** Writes a pack of everything, of `count` entries; answers the path of its key. The store is left out: it is not measured. */
export const writePack = async (dir: string, count: number): Promise<string> => {
  const drafts = realDrafts();
  const pack = packWriter(dir);
  for (const path of [files.changes, files.exceptions, files.page]) pack.file(path, '');
  const sums = pack.sums();
  let head: Head = emptyLane;
  for (let seq = 0; seq < count; seq += head.count) {
    const some = Math.min(entriesPerSegment, count - seq);
    const groups = Array.from({ length: some }, (_, at) => groupAt(drafts, seq + at, count, sums));
    const segment = buildSegment(head, groups.map(propose), { ...place, at: new Date(seq * 10).toISOString() });
    if (segment === null) throw new Error('a segment was too large: take fewer at once');
    linesOf(segment).forEach((line, at) => pack.entry(seq + at, Buffer.from(line)));
    head = segment;
  }
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = verifierKey(place.origin, Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const checkpoint = { origin: place.origin, size: count, root: rootOf(head.frontier) };
  pack.file(files.proof, '');
  pack.file(
    files.checkpoint,
    await signCheckpoint(checkpoint, key, (text) => Promise.resolve(sign(null, text, privateKey))),
  );
  pack.done();
  writeFileSync(`${dir}.key`, `${writeKey(key)}\n`);
  return `${dir}.key`;
};

const groupAt = (drafts: Draft[], seq: number, count: number, sums: string): Group => {
  const draft = drafts[seq % drafts.length];
  if (draft === undefined) throw new Error('there are no fixtures');
  const last = { kind: 'trail.exported', detail: { asked: { everything: true }, entries: seq, sums } };
  return { key: `bench#${seq}`, entries: [{ ...draft, ...(seq === count - 1 ? last : {}) }] };
};
