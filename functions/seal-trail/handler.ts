import { readNote } from '../../shared/proof/note.ts';
import { checkpointName } from '../../shared/seal/archive.ts';
import { SealRefused } from '../../shared/seal/refusals.ts';
import type { Clock } from '../../shared/ports.ts';
import { createCursors } from '../support/dynamo-cursors.ts';
import { createLane } from '../support/dynamo-lane.ts';
import { createTrail, type TrailOptions } from '../support/dynamo-trail.ts';
import { type Environment, environmentFrom, sourceOf } from '../support/environment.ts';
import { archiveOf, signerOf } from '../support/seals.ts';
import { idleGroup } from './idle.ts';
import { alteredGroup, refusedGroup } from './findings.ts';
import { patrol } from './patrol.ts';
import { type SealPorts, sealTrail } from './seal-trail.ts';

/**
 * One seal, if there is something to seal, and a look at what was sealed before. What is found is put on record, and a
 * person called.
 */
export const handlerFor = (environment: Environment, options: TrailOptions = {}): (() => Promise<void>) => {
  const trail = createTrail(environment, options);
  const lane = createLane(environment);
  const cursors = createCursors(environment);
  const archive = archiveOf(environment);
  const signer = signerOf(environment);
  const source = sourceOf(environment);
  const random = options.random ?? Math.random;
  const now: Clock = options.now ?? (() => new Date());
  return async () => {
    const ports: SealPorts = { lane, cursors, archive, signer: await signer };
    const idle = idleGroup(await lane.newest(), now(), lane.lane, source);
    if (idle !== null) await trail.append([idle]);
    try {
      await sealTrail(ports);
    } catch (error) {
      if (!(error instanceof SealRefused)) throw error;
      await trail.append([refusedGroup(error, await signedSize(ports), lane.lane, source)]);
    }
    const altered = await patrol({ lane, archive }, random);
    if (altered !== null) await trail.append([alteredGroup(altered, lane.lane, source)]);
  };
};

/** How many entries the newest checkpoint says it speaks of, whoever wrote it. */
const signedSize = async ({ archive }: SealPorts): Promise<number> => {
  const bytes = await archive.get(checkpointName);
  return (bytes === null ? null : readNote(new TextDecoder().decode(bytes)))?.checkpoint.size ?? 0;
};

let seal: (() => Promise<void>) | undefined;

/** The Lambda function, called every minute. */
export const handler = (): Promise<void> => (seal ??= handlerFor(environmentFrom(process.env)))();
