import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDirectory } from '../../cli/verify/run.ts';
import { makePack, type Pack, planOf, writePack } from './make-pack.ts';
import { mutate, type Mutation, mutatorNames } from './mutate.ts';
import { type Answer, type Asked, lacking, SecondVerifier } from './second.ts';

/** A tenth in `npm test`, all in `npm run test:long`. */
const packs = Number(process.env['ESCALATOR_RUNS'] ?? 1) * 100;
const mutationsPerPack = 10;
const seed = Number(process.env['ESCALATOR_SEED'] ?? Date.now() % 100_000);
const lacks = lacking();

/** One pack, as it was made or as somebody left it, and what both said of it. */
type Verdict = { what: string; wanted: Mutation['wanted']; first: Answer; second: Answer };

const place = mkdtempSync(join(tmpdir(), 'agree-'));
const seconds: SecondVerifier[] = [];
const good: Verdict[] = [];
const bad: (Verdict & { name: string })[] = [];

const asked = (dir: string, pack: Pack, { key, keyInside, kept }: Partial<Mutation> = {}): Asked => {
  const keyFile = keyInside === undefined ? `${dir}.key` : join(dir, keyInside);
  if (keyInside === undefined) writeFileSync(keyFile, key ?? pack.signer.keyFile);
  if (kept !== undefined) writeFileSync(`${dir}.kept`, kept);
  return { dir, key: keyFile, ...(kept === undefined ? {} : { checkpoint: `${dir}.kept` }) };
};

const both = async (question: Asked, second: SecondVerifier): Promise<Pick<Verdict, 'first' | 'second'>> => {
  const [first, answer] = await Promise.all([verifyDirectory(question), second.ask(question)]);
  return { first: { exit: first.exit, firstBad: first.firstBad, why: first.problems.join('; ') }, second: answer };
};

const tryPack = async (packSeed: number, second: SecondVerifier): Promise<void> => {
  const pack = makePack(planOf(packSeed));
  const home = join(place, String(packSeed));
  mkdirSync(home);
  writePack(pack.files, join(home, 'good'));
  const verdict = await both(asked(join(home, 'good'), pack), second);
  good.push({ what: `pack ${packSeed}`, wanted: { exits: [0], firstBad: null }, ...verdict });
  const mutations = Array.from({ length: mutationsPerPack }, (_, index) => mutate(pack, packSeed * 1000 + index));
  await Promise.all(mutations.map((mutation, index) => tryMutation(pack, mutation, join(home, String(index)), second)));
  rmSync(home, { recursive: true });
};

const tryMutation = async (pack: Pack, mutation: Mutation, dir: string, second: SecondVerifier): Promise<void> => {
  writePack(mutation.files, dir);
  const verdict = await both(asked(dir, pack, mutation), second);
  bad.push({
    what: `${mutation.name}, ${dir.slice(place.length)}`,
    name: mutation.name,
    wanted: mutation.wanted,
    ...verdict,
  });
};

const disagreements = (verdicts: Verdict[]): Verdict[] =>
  verdicts.filter(({ first, second }) => first.exit !== second.exit || first.firstBad !== second.firstBad);

const notAsWanted = (verdicts: Verdict[], by: 'first' | 'second'): Verdict[] =>
  verdicts.filter(({ wanted, [by]: answer }) => {
    const isNamed = wanted.firstBad === undefined || wanted.firstBad === answer.firstBad;
    return !wanted.exits.includes(answer.exit) || !isNamed;
  });

describe.skipIf(lacks !== null)(
  `two verifiers and ${packs} packs (ESCALATOR_SEED=${seed})${lacks === null ? '' : `: ${lacks}`}`,
  { timeout: 60_000 },
  () => {
    beforeAll(
      async () => {
        seconds.push(new SecondVerifier(), new SecondVerifier());
        await Promise.all(
          seconds.map(async (second, lane) => {
            for (let index = lane; index < packs; index += seconds.length) await tryPack(seed * 10_000 + index, second);
          }),
        );
      },
      300_000 * Math.max(1, packs / 100),
    );
    afterAll(() => {
      for (const second of seconds) second.close();
      rmSync(place, { recursive: true, force: true });
    });

    it('agree on every good pack, and find nothing in it', () => {
      expect(good).toHaveLength(packs);
      expect(disagreements(good)).toEqual([]);
      expect(notAsWanted(good, 'first')).toEqual([]);
    });

    it('agree on every bad pack: the same exit, the same first bad seq', () => {
      expect(bad).toHaveLength(packs * mutationsPerPack);
      expect(disagreements(bad)).toEqual([]);
    });

    it('both detect every bad pack, and name the first bad seq where it is defined', () => {
      expect(notAsWanted(bad, 'first')).toEqual([]);
      expect(notAsWanted(bad, 'second')).toEqual([]);
    });

    it('every kind of mutation was tried', () => {
      expect([...new Set(bad.map(({ name }) => name))].toSorted()).toEqual(mutatorNames.toSorted());
    });
  },
);
