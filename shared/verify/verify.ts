import { type Checkpoint, noteLimit, readKey, readNote, signedBy, type VerifierKey } from '../proof/note.ts';
import type { Json } from '../trail/entry.ts';
import { recordIn } from './claims.ts';
import { completeness, recordedAt } from './complete.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { exitOf, type Problem, type Report } from './report.ts';
import { proofLines, rooting, type RootingOptions } from './roots.ts';
import {
  detailPath,
  type Engine,
  files,
  isLitter,
  isPackPath,
  type PackFile,
  type PackSource,
  readSmall,
  sizeOfPath,
} from './source.ts';
import { checkSums, readSums } from './sums.ts';
import { type Walk, walk } from './walk.ts';

export type VerifyOptions = {
  /** the text of the key file */
  key: string;
  /** the checkpoint kept from last time */
  kept?: string | null;
  /** the key was found within the pack, and so proves nothing */
  keyInside?: boolean;
  /** told of every piece of the entries that was read, in bytes */
  progress?: (bytes: number) => void;
};

/** A file of sums or of a proof is not larger than this; reading stops there. */
const largestSmall = 64 * 1024 * 1024;
const mostProblems = 20;

/**
 * Verifies a pack, as docs/reference/evidence-pack.md says, and nothing else: it opens no connection, and believes nothing but
 * the key.
 *
 * @returns what was found; never throws for anything that a pack may hold
 */
export const verifyPack = async (source: PackSource, engine: Engine, options: VerifyOptions): Promise<Report> => {
  const listed = (await source.list()).filter(({ path }) => !isLitter(path));
  const here = listed.filter(({ path, plain }) => plain && isPackPath(path));
  const text = (path: string, limit: number): Promise<string | null> => textOf(source, here, path, limit);
  const problems: Problem[] = [...strays(listed), ...missing(here)];
  const key = keyOf(options, problems);
  const checkpoint = judge(await text(files.checkpoint, noteLimit), files.checkpoint, key, problems);
  const earlier = await earlierOf(here, text, { key, checkpoint, problems });
  const kept = judge(options.kept ?? null, 'the checkpoint kept from last time', key, problems);
  const sums = await text(files.sums, largestSmall);
  const rootingOptions: RootingOptions = {
    size: checkpoint?.size ?? 0,
    stops: stopsIn(sums, listed),
    wanted: [...earlier, ...(kept === null ? [] : [kept])].map(({ size }) => size),
    proof: proofLines((await text(files.proof, largestSmall)) ?? ''),
    node: engine.node,
  };
  const read = { ...source, chunks: (path: string) => (isIn(here, path) ? source.chunks(path) : []) };
  const { found, proved, roots } = await readEntries(read, engine, rootingOptions, { ...options, here });
  const signed = new Map(earlier.map(({ size, root }) => [size, root]));
  if (checkpoint !== null) signed.set(checkpoint.size, checkpoint.root);
  const isRooted = checkpoint === null || (proved !== 'too short' && roots.get(checkpoint.size) === checkpoint.root);
  const diagnosis = isRooted
    ? null
    : await diagnose({ source: read, engine, found, options: rootingOptions, signed, roots });
  const known = diagnosis?.roots ?? roots;
  const exported = exportIn(found);
  problems.push(
    ...told(diagnosis),
    ...(isRooted && checkpoint !== null && proved === 'left over'
      ? [tampered(`${files.proof} has more than is needed`)]
      : []),
    ...(diagnosis?.missing === true ? [] : shapeOf(found, exported, here, checkpoint)),
    ...(diagnosis?.missing === true && diagnosis.last === 'there' ? vouched(exported) : []),
    ...(found.lacks === null ? [] : [incomplete(`${detailPath(found.lacks)}, which an entry names, is missing`)]),
    ...(found.ended === 'too long' ? [tampered('a line is longer than an entry can be')] : []),
    ...earlier.filter(({ size, root }) => checkpoint !== null && known.get(size) !== root).map(otherHistory),
    ...(await checkSums(source, engine, here, {
      text: sums,
      expected: diagnosis?.last === 'missing' ? null : (exported?.sums ?? null),
    })),
  );
  return reportOf({
    problems,
    checkpoint,
    earlier,
    found,
    isProved: checkpoint !== null && (isRooted || (diagnosis?.missing === true && diagnosis.seq !== null)),
    firstBad: diagnosis?.seq ?? (isRooted && checkpoint !== null ? found.beyond : null),
    asked: exported?.asked ?? null,
    kept: compare(kept, checkpoint, known, problems),
  });
};

/** Where gaps are divided: at the sizes that the sums name; where those are not whole, at those of which there is a file. */
const stopsIn = (sums: string | null, listed: PackFile[]): number[] => {
  const named = sums === null ? null : readSums(sums);
  const isWhole = named !== null && [files.changes, files.exceptions, files.page].every((path) => named.has(path));
  const paths = !isWhole ? listed.map(({ path }) => path) : [...named.keys()];
  return paths.map(sizeOfPath).filter((size) => size !== null);
};

const isIn = (here: PackFile[], path: string): boolean => here.some((file) => file.path === path);

const textOf = async (source: PackSource, here: PackFile[], path: string, limit: number): Promise<string | null> => {
  const file = here.find((candidate) => candidate.path === path);
  return file === undefined ? null : ((await readSmall(source, file, limit)) ?? tooLarge);
};

/** Stands for a file that is larger than it can be: it is none of the texts that are looked for. */
const tooLarge = '\0';

const keyOf = ({ key: text, keyInside }: VerifyOptions, problems: Problem[]): VerifierKey | null => {
  const key = readKey(text);
  if (key === null) problems.push({ exit: 4, what: 'the key file holds no public key as `escalator key` writes it' });
  if (keyInside === true)
    problems.push({ exit: 4, what: 'the key was found in the pack: self-consistent only; get it from somewhere else' });
  return key;
};

const readEntries = async (
  source: PackSource,
  engine: Engine,
  options: RootingOptions,
  { progress = () => {}, here }: VerifyOptions & { here: PackFile[] },
) => {
  const tree = rooting(options);
  const details = new Set(here.map(({ path }) => path));
  const has = (sha256: string): boolean => details.has(detailPath(sha256));
  const found = await walk(source, engine, tree, { size: options.size, has, progress });
  return { found, proved: tree.end(), roots: tree.roots };
};

const tampered = (what: string): Problem => ({ exit: 2, what });
const incomplete = (what: string): Problem => ({ exit: 3, what });

const told = (diagnosis: Diagnosis | null): Problem[] => {
  if (diagnosis === null) return [];
  const { seq } = diagnosis;
  if (seq === null) return [{ exit: 3, what: 'no entries are there' }];
  const too = diagnosis.last === 'there' ? '' : '; that of this export is too, so that nothing vouches for the tables';
  return diagnosis.missing
    ? [{ exit: 3, what: `entry ${seq} is the first that is missing${too}` }]
    : [tampered(`entry ${seq} is the first that is not as it was signed`)];
};

const otherHistory = ({ size }: Checkpoint): Problem => tampered(`checkpoints/${size} is of another history`);

/** What is wrong with the lines as such, whatever the root is. */
const shapeOf = (
  found: Walk,
  exported: Exported | null,
  here: PackFile[],
  checkpoint: Checkpoint | null,
): Problem[] => [
  ...(found.beyond === null || checkpoint === null
    ? []
    : [tampered(`the checkpoint does not reach entry ${found.beyond}`)]),
  ...(found.broken === null ? [] : [tampered(`entry ${found.broken} does not follow from the one before`)]),
  ...(found.ended === 'cut off' ? [{ exit: 3, what: `the last line of ${files.entries} is cut off` } as const] : []),
  ...(found.leavesSame || !isIn(here, files.leaves)
    ? []
    : [tampered(`${files.leaves} does not say what the entries do`)]),
  ...(found.ended === 'cut off' || !isIn(here, files.entries) ? [] : vouched(exported)),
];

/** Only the export's own entry vouches for the tables. */
const vouched = (exported: Exported | null): Problem[] =>
  exported === null ? [tampered('the last entry is not the one that recorded this export')] : [];

const strays = (listed: PackFile[]): Problem[] =>
  listed
    .filter(({ path, plain }) => !plain || !isPackPath(path))
    .map(({ path, plain }) => ({
      exit: 2,
      what: `${JSON.stringify(path)} is ${plain ? 'no file of a pack' : 'not a plain file'}`,
    }));

const missing = (here: PackFile[]): Problem[] =>
  Object.values(files)
    .filter((path) => !here.some((file) => file.path === path))
    .map((path) => ({ exit: 3, what: `${path} is missing` }));

/** A checkpoint that can be believed, or at least compared with; null where it says nothing. */
const judge = (text: string | null, path: string, key: VerifierKey | null, problems: Problem[]): Checkpoint | null => {
  if (text === null) return null;
  const note = readNote(text);
  if (note === null) {
    problems.push(tampered(`${path} is not written as a checkpoint of ours is`));
    return null;
  }
  const signed = key === null ? 'good' : signedBy(note, key);
  if (signed === 'by another key')
    problems.push({ exit: 4, what: `${path} is signed by ${note.name}+${note.id}, not by the key given` });
  if (signed === 'bad signature') problems.push(tampered(`${path} does not bear out its signature`));
  return signed === 'bad signature' ? null : note.checkpoint;
};

const earlierOf = async (
  here: PackFile[],
  text: (path: string, limit: number) => Promise<string | null>,
  { key, checkpoint, problems }: { key: VerifierKey | null; checkpoint: Checkpoint | null; problems: Problem[] },
): Promise<Checkpoint[]> => {
  const checkpoints: Checkpoint[] = [];
  for (const { path } of here.filter((file) => sizeOfPath(file.path) !== null)) {
    const earlier = judge(await text(path, noteLimit), path, key, problems);
    if (earlier === null) continue;
    const isOfIt = checkpoint === null || (earlier.origin === checkpoint.origin && earlier.size <= checkpoint.size);
    if (earlier.size !== sizeOfPath(path)) problems.push(tampered(`${path} speaks of ${earlier.size} entries`));
    else if (!isOfIt) problems.push(tampered(`${path} is not earlier in the same trail`));
    else checkpoints.push(earlier);
  }
  return checkpoints.toSorted((left, right) => left.size - right.size);
};

/** What the export's own entry says: what was asked, and the digest of `SHA256SUMS`. */
type Exported = { asked: Json; sums: string };

const exportIn = ({ lastLines }: Walk): Exported | null => {
  const last = lastLines.at(-1);
  const record = last === undefined ? null : recordIn(last, 0, last.length);
  if (record?.['kind'] !== 'trail.exported') return null;
  const { asked = null, sums } = (record['detail'] ?? {}) as { [field: string]: Json };
  return typeof sums === 'string' ? { asked, sums } : null;
};

const compare = (
  kept: Checkpoint | null,
  checkpoint: Checkpoint | null,
  roots: Map<number, string>,
  problems: Problem[],
): Report['kept'] => {
  if (kept === null || checkpoint === null) return 'not compared';
  if (kept.origin !== checkpoint.origin || kept.size > checkpoint.size) {
    const what = `the pack's checkpoint has ${checkpoint.size} entries, the one kept from last time had ${kept.size}`;
    problems.push({
      exit: 2,
      what: kept.origin === checkpoint.origin ? what : 'the kept checkpoint is of another lane',
    });
    return 'other history';
  }
  const root = roots.get(kept.size);
  if (root === undefined) {
    const what = `the pack cannot be compared at ${kept.size} entries; export with --checkpoint and the file you kept`;
    problems.push({ exit: 3, what });
    return 'not compared';
  }
  if (root === kept.root) return 'same history';
  problems.push({ exit: 2, what: `at ${kept.size} entries the history is not the one you kept the checkpoint of` });
  return 'other history';
};

type Findings = {
  problems: Problem[];
  checkpoint: Checkpoint | null;
  earlier: Checkpoint[];
  found: Walk;
  isProved: boolean;
  firstBad: number | null;
  asked: Json;
  kept: Report['kept'];
};

const reportOf = ({ problems, checkpoint, earlier, found, isProved, firstBad, asked, kept }: Findings): Report => {
  const complete = completeness(found, asked);
  if (complete === 'no' && problems.length === 0)
    problems.push({ exit: 3, what: 'entries of the period that was asked for are missing' });
  const exit = exitOf(problems);
  const [first, last] = [recordedAt(found.firstLine), recordedAt(found.lastLines.at(-1))];
  return {
    exit,
    firstBad,
    problems: problems.slice(0, mostProblems).map(({ what }) => what),
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? null,
    entries: found.entries,
    first: found.first,
    last: found.last,
    recorded: first === null || last === null ? null : { first, last },
    asked,
    genuine: isProved && (exit === 0 || exit === 3),
    complete: exit === 0 ? complete : 'no',
    checkpoints: earlier.length,
    kept,
  };
};
