import { type Checkpoint, noteLimit, readKey, readNote, signedBy, type VerifierKey } from '../proof/note.ts';
import type { Json } from '../trail/entry.ts';
import { recordIn } from './claims.ts';
import { diagnose } from './diagnose.ts';
import { exitOf, type Problem, type Report } from './report.ts';
import { proofLines, rooting, type RootingOptions } from './roots.ts';
import {
  type Engine,
  files,
  isLitter,
  isPackPath,
  type PackFile,
  type PackSource,
  readSmall,
  sizeOfPath,
} from './source.ts';
import { checkSums } from './sums.ts';
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
  const at = (path: string): PackFile | null => here.find((file) => file.path === path) ?? null;
  const text = async (path: string, limit: number): Promise<string | null> => {
    const file = at(path);
    return file === null ? null : readSmall(source, file, limit);
  };
  const problems: Problem[] = [...strays(listed), ...missing(here)];

  const key = readKey(options.key);
  if (key === null) problems.push({ exit: 4, what: 'the key file holds no public key as `escalator key` writes it' });
  if (options.keyInside === true)
    problems.push({ exit: 4, what: 'the key was found in the pack: self-consistent only; get it from somewhere else' });

  const checkpoint = judge(await text(files.checkpoint, noteLimit), files.checkpoint, key, problems);
  const earlier = await earlierOf(here, text, key, problems);
  const kept = keptOf(options.kept ?? null, key, problems);
  if (checkpoint === null || at(files.entries) === null || at(files.leaves) === null)
    return reportOf({ problems, checkpoint, earlier, found: null, firstBad: null, asked: null, kept: 'not compared' });

  const proof = await text(files.proof, largestSmall);
  const rootingOptions: RootingOptions = {
    size: checkpoint.size,
    stops: earlier.map(({ size }) => size),
    wanted: kept === null ? [] : [kept.size],
    proof: proofLines(proof ?? ''),
    node: engine.node,
  };
  const tree = rooting(rootingOptions);
  const found = await walk(source, engine, tree, checkpoint.size, options.progress ?? (() => {}));
  const proved = tree.end();
  const signed = new Map([...earlier, checkpoint].map(({ size, root }) => [size, root]));
  const isRight = (size: number): boolean => tree.roots.get(size) === signed.get(size);
  let firstBad: number | null = null;
  if (!isRight(checkpoint.size)) {
    const diagnosis = await diagnose({
      source,
      engine,
      found,
      options: rootingOptions,
      signed,
      roots: tree.roots,
    });
    firstBad = diagnosis.seq;
    problems.push(
      diagnosis.missing
        ? { exit: 3, what: `entry ${firstBad} is missing` }
        : { exit: 2, what: `entry ${firstBad} is the first that is not as it was signed` },
    );
  } else {
    problems.push(...aside(found, proved, earlier, isRight));
    firstBad = found.beyond ?? (found.broken === null ? null : found.broken.seq);
  }
  if (found.ended === 'too long') problems.push({ exit: 2, what: 'a line is longer than an entry can be' });
  if (found.ended === 'cut off') problems.push({ exit: 3, what: `the last line of ${files.entries} is cut off` });
  const exported = exportIn(found);
  if (exported === null) problems.push({ exit: 2, what: 'the last entry is not the one that recorded this export' });
  const sums = { text: await text(files.sums, largestSmall), expected: exported?.sums ?? null };
  problems.push(...(await checkSums(source, engine, here, sums)));
  const keptSays = compare(kept, checkpoint, tree.roots, problems);
  return reportOf({
    problems,
    checkpoint,
    earlier,
    found,
    firstBad,
    asked: exported?.asked ?? null,
    kept: keptSays,
  });
};

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
  if (note === null) problems.push({ exit: 2, what: `${path} is not written as a checkpoint of ours is` });
  const signed = note === null || key === null ? null : signedBy(note, key);
  if (signed === 'by another key')
    problems.push({ exit: 4, what: `${path} is signed by ${note?.name}+${note?.id}, not by the key given` });
  if (signed === 'bad signature') problems.push({ exit: 2, what: `${path} does not bear out its signature` });
  return note?.checkpoint ?? null;
};

const earlierOf = async (
  here: PackFile[],
  text: (path: string, limit: number) => Promise<string | null>,
  key: VerifierKey | null,
  problems: Problem[],
): Promise<Checkpoint[]> => {
  const checkpoints: Checkpoint[] = [];
  for (const { path } of here.filter((file) => sizeOfPath(file.path) !== null)) {
    const checkpoint = judge(await text(path, noteLimit), path, key, problems);
    if (checkpoint !== null && checkpoint.size !== sizeOfPath(path))
      problems.push({ exit: 2, what: `${path} speaks of ${checkpoint.size} entries` });
    else if (checkpoint !== null) checkpoints.push(checkpoint);
  }
  return checkpoints.toSorted((a, b) => a.size - b.size);
};

const keptOf = (text: string | null, key: VerifierKey | null, problems: Problem[]): Checkpoint | null => {
  if (text === null) return null;
  const note = readNote(text);
  const isOurs = note !== null && key !== null && signedBy(note, key) === 'good';
  if (!isOurs) problems.push({ exit: 4, what: 'the checkpoint kept from last time is not signed by the key given' });
  return note?.checkpoint ?? null;
};

/** What is wrong beside the entries, all of which are genuine. */
const aside = (
  found: Walk,
  proved: 'fits' | 'too short' | 'left over',
  earlier: Checkpoint[],
  isRight: (size: number) => boolean,
): Problem[] => [
  ...(found.beyond === null ? [] : [{ exit: 2, what: `the checkpoint does not reach entry ${found.beyond}` } as const]),
  ...(found.broken === null ? [] : [{ exit: 2, what: `entry ${found.broken.seq} does not follow` } as const]),
  ...(found.leavesSame ? [] : [{ exit: 2, what: `${files.leaves} does not say what the entries do` } as const]),
  ...(proved === 'fits' ? [] : [{ exit: 2, what: `${files.proof} is ${proved}` } as const]),
  ...earlier
    .filter(({ size }) => !isRight(size))
    .map(({ size }) => ({ exit: 2, what: `checkpoints/${size} is of another history` }) as const),
];

/** What the export's own entry says: what was asked, and the digest of `SHA256SUMS`. */
const exportIn = ({ lastLines }: Walk): { asked: Json; sums: string | null } | null => {
  const last = lastLines.at(-1);
  const record = last === undefined ? null : recordIn(last, 0, last.length);
  if (record?.['kind'] !== 'trail.exported') return null;
  const detail = record['detail'] as { [field: string]: Json } | null;
  const sums = detail?.['sums'];
  return { asked: detail?.['asked'] ?? null, sums: typeof sums === 'string' ? sums : null };
};

const compare = (
  kept: Checkpoint | null,
  checkpoint: Checkpoint,
  roots: Map<number, string>,
  problems: Problem[],
): Report['kept'] => {
  if (kept === null) return 'not compared';
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
  found: Walk | null;
  firstBad: number | null;
  asked: Json;
  kept: Report['kept'];
};

const reportOf = ({ problems, checkpoint, earlier, found, firstBad, asked, kept }: Findings): Report => {
  const complete = completeness(found, asked);
  if (complete === 'no') problems.push({ exit: 3, what: 'entries of the period that was asked for are missing' });
  const exit = exitOf(problems);
  const [first, last] = [recordedAt(found?.firstLine), recordedAt(found?.lastLines.at(-1))];
  return {
    exit,
    firstBad,
    problems: problems.slice(0, mostProblems).map(({ what }) => what),
    origin: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? null,
    entries: found?.entries ?? 0,
    first: found?.first ?? null,
    last: found?.last ?? null,
    recorded: first === null || last === null ? null : { first, last },
    asked,
    genuine: exit === 0 || exit === 3,
    complete: exit === 0 ? complete : 'no',
    checkpoints: earlier.length,
    kept,
  };
};

const recordedAt = (line: Uint8Array | null | undefined): string | null => {
  const at = line == null ? null : recordIn(line, 0, line.length)?.['observedAt'];
  return typeof at === 'string' ? at : null;
};

/** A run that spans what was asked for can lack nothing of it. The export's own entry may stand apart from it. */
const completeness = (found: Walk | null, asked: Json): Report['complete'] => {
  const what = typeof asked === 'object' && asked !== null && !Array.isArray(asked) ? asked : {};
  if (found === null) return 'not provable';
  const isOneRun = found.runs === 1 || (found.runs === 2 && found.lastRun === found.last);
  if (what['everything'] === true) return found.runs === 1 && found.first === 0 ? 'yes' : 'no';
  const { since, until } = what;
  if (typeof since !== 'string' || typeof until !== 'string') return 'not provable';
  const first = recordedAt(found.firstLine);
  const end = recordedAt(found.runs === 1 ? found.lastLines.at(-1) : found.lastLines.at(0));
  const begins = found.first === 0 || (first !== null && first < since);
  return isOneRun && begins && (found.runs === 1 || (end !== null && end >= until)) ? 'yes' : 'no';
};
