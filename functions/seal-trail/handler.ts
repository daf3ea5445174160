import { readNote } from '../../shared/proof/note.ts';
import { checkpointName } from '../../shared/seal/archive.ts';
import { alteredMark, SealRefused } from '../../shared/seal/refusals.ts';
import type { Clock } from '../../shared/ports.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createLane } from '../support/dynamo-lane.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { perWakeUp } from '../support/per-call.ts';
import { archiveOf, signerOf } from '../support/seals.ts';
import { idleGroup } from './idle.ts';
import { foundGroup, misdatedGroup, refusedGroup } from './findings.ts';
import type { Misdated } from './misdated.ts';
import { patrol } from './patrol.ts';
import { isQuiet } from './quiet.ts';
import { type SealPorts, sealTrail } from './seal-trail.ts';

/**
 * One seal, if there is something to seal, and a look at what was sealed before. What is found is put on record, and a
 * person called by that record.
 *
 * @returns for each call what was found, in words; empty where nothing was
 */
export const sealing = (environment: Environment, options: TrailOptions = {}): (() => Promise<string[]>) => {
  const trail = createTrail(environment, options);
  const lane = createLane(environment);
  const cursors = createCursors(environment);
  const archive = archiveOf(environment);
  const signer = signerOf(environment);
  const source = sourceOf(environment);
  const random = options.random ?? Math.random;
  const now: Clock = options.now ?? (() => new Date());
  return async () => {
    const misdated = async (found: Misdated): Promise<void> =>
      void (await trail.append([misdatedGroup(found, lane.lane, source)]));
    const ports: SealPorts = { lane, cursors, archive, signer: await signer, misdated };
    const idle = idleGroup(await lane.newest(), now(), lane.lane, source);
    if (idle !== null) await trail.append([idle]);
    const refused = (await isQuiet(lane, cursors, now())) ? null : await refusalOf(ports);
    if (refused !== null) await trail.append([refusedGroup(refused, await signedSize(ports), lane.lane, source)]);
    const finding = await patrol({ lane, archive, key: ports.signer.key }, random);
    if (finding !== null) await trail.append([foundGroup(finding, lane.lane, source)]);
    return [
      ...(refused === null ? [] : [refused.message]),
      ...(finding === null ? [] : [`${alteredMark}: ${JSON.stringify(finding)}`]),
    ];
  };
};

/** The same for a place that needs not be told what was found: it is on record. */
export const handlerFor = (environment: Environment, options: TrailOptions = {}): (() => Promise<void>) => {
  const seal = sealing(environment, options);
  return async () => void (await seal());
};

const refusalOf = async (ports: SealPorts): Promise<SealRefused | null> => {
  try {
    await sealTrail(ports);
    return null;
  } catch (error) {
    if (error instanceof SealRefused) return error;
    throw error;
  }
};

/** How many entries the newest checkpoint says it speaks of, whoever wrote it. */
const signedSize = async ({ archive }: SealPorts): Promise<number> => {
  const bytes = await archive.get(checkpointName);
  return (bytes === null ? null : readNote(new TextDecoder().decode(bytes)))?.checkpoint.size ?? 0;
};

/**
 * Makes a call in which something was found one that failed. Whoever can alter the table can also keep back the alert
 * that stands in it; the alarm that counts failed calls is out of his reach there.
 */
export const failing = (seal: () => Promise<string[]>) => async (): Promise<void> => {
  const found = await seal();
  if (found.length > 0) throw new Error(found.join('; '));
};

let seal: (() => Promise<void>) | undefined;

/** The Lambda function, called every minute. */
export const handler = perWakeUp('seal-trail', () => (seal ??= failing(sealing(environmentFrom(process.env))))());
