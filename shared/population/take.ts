import type { TrailRecord } from '../trail/entry.ts';
import type { Population, Take } from './facts.ts';
import { takeDescribed, takeMove, takePull } from './take-code.ts';
import { takeAction, takeBuild, takeCall, takeStarted } from './take-delivery.ts';
import { takeIntended, takeQuarantined, takeReached, takeStepStarted } from './take-releases.ts';

/** Which entries count, by the source that must have said them and the beginning of their kind. */
const takes: { source: string | null; kind: string; take: Take }[] = [
  { source: 'escalator', kind: 'release.reached', take: takeReached },
  { source: 'escalator', kind: 'release.quarantined', take: takeQuarantined },
  { source: 'escalator', kind: 'quarantine.ordered', take: takeQuarantined },
  { source: 'escalator', kind: 'step.intended', take: takeIntended },
  { source: 'escalator', kind: 'step.started', take: takeStepStarted },
  { source: 'escalator', kind: 'commit.described', take: takeDescribed },
  { source: 'aws.codecommit', kind: 'reference.', take: takeMove },
  { source: 'aws.codecommit', kind: 'pull-request.', take: takePull },
  { source: 'aws.codepipeline', kind: 'pipeline.started', take: takeStarted },
  { source: 'aws.codepipeline', kind: 'action.', take: takeAction },
  { source: 'aws.codebuild', kind: 'build', take: takeBuild },
  { source: null, kind: 'call', take: takeCall },
];

/** Takes one entry in; entries come oldest first. The population is changed in place: there may be a million of them. */
export const take = (population: Population, record: TrailRecord): void => {
  const { entries } = population;
  entries.count += 1;
  entries.first ??= record.seq;
  entries.last = record.seq;
  takes.find((one) => isTaken(one, record))?.take(population, record);
};

/** An event of another account, or of a source that only calls itself something, is on record and counts for nothing. */
const isTaken = ({ source, kind }: (typeof takes)[number], record: TrailRecord): boolean =>
  (kind.endsWith('.') || kind === 'build' ? record.kind.startsWith(kind) : record.kind === kind) &&
  (source === null ? record.source.name.startsWith('aws.') : record.source.name === source) &&
  record.source.account === record.origin.split('/')[1];
