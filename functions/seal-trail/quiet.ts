import type { Cursors, Lane } from '../../shared/ports.ts';
import { readers } from '../../shared/trail/readers.ts';

/** How long canaries alone may wait for their seal (ms): less than what the watchdog calls late. */
const quietMs = 4 * 60_000;
/** More segments than canaries make in that time. */
const segmentsAtMost = 10;

/**
 * Whether all that is new since the last seal are canaries, and not for long. Each minute brings one, so an installation
 * in which nothing happens would sign that each minute; anything else is signed within the minute, and the canaries with it.
 */
export const isQuiet = async (
  lane: Pick<Lane, 'segments'>,
  cursors: Pick<Cursors, 'get'>,
  now: Date,
): Promise<boolean> => {
  const unsealed = await lane.segments(await cursors.get(readers.seal), segmentsAtMost);
  const [first] = unsealed;
  if (first === undefined || unsealed.length === segmentsAtMost) return false;
  const onlyCanaries = unsealed.every(({ lines }) => lines.every((line) => kindOf(line) === 'canary.arrived'));
  return onlyCanaries && now.getTime() - Date.parse(first.at) < quietMs;
};

/** What cannot be read is for the seal to refuse. */
const kindOf = (line: string): unknown => {
  try {
    return (JSON.parse(line) as { kind?: unknown }).kind;
  } catch {
    return null;
  }
};
