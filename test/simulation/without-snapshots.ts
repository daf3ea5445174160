import { createLadders } from '../../functions/support/ladders.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import { type KeptLane, memoryRows, memoryTrail } from '../harness/memory-trail.ts';

const source = { name: 'escalator', account: '111122223333', region: 'eu-west-1', id: null, digest: null };

/** The ladders that are not what they were, byte for byte, where all snapshots are gone and only the trail is left. */
export const otherWithoutSnapshots = async (lane: KeptLane, states: Map<string, LadderState>): Promise<string[]> => {
  const trail = memoryTrail(() => new Date(0), 'escalator/1/r', lane);
  const ladders = createLadders(trail, memoryRows(), source);
  const others: string[] = [];
  for (const [ladder, state] of states)
    if (JSON.stringify(await ladders.load(ladder)) !== JSON.stringify(state)) others.push(ladder);
  return others;
};
