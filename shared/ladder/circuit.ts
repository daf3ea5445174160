import type { Incident } from './incident.ts';

/**
 * The runs in a row that did not converge, and whether they were too many. A run is an incident that acted; one that
 * healed by itself, was only observed, or was handed over before anything was begun says nothing about what acting is worth.
 */
export type Circuit = { failed: string[]; open: boolean };

export const closedCircuit: Circuit = { failed: [], open: false };

/** As many runs as are remembered: more than a configuration can ask for. */
const keptAtMost = 100;

/** What the end of an incident means for the circuit. */
export const afterRun = (circuit: Circuit, incident: Incident | null, status: string): Circuit => {
  if (incident === null || !hasActed(incident)) return circuit;
  if (status === 'converged') return { ...circuit, failed: [] };
  return { ...circuit, failed: [...circuit.failed, incident.id].slice(-keptAtMost) };
};

/** Whether anything was begun in an incident, or may have been. */
const hasActed = ({ phase, steps }: Incident): boolean =>
  (phase.name === 'acting' && phase.claim !== null) || steps.some(({ outcome }) => outcome !== 'already-so');

/** Why no run is begun here; null where one may be. Only a person closes the circuit again. */
export const circuitReason = ({ circuit }: { circuit: Circuit }): string | null =>
  circuit.open
    ? `the circuit is open: ${circuit.failed.length} runs in a row did not converge, the last was ${circuit.failed.at(-1)}`
    : null;
