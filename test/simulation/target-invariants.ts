import { SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import type { LadderConfig } from '../../shared/config/config.ts';
import type { DecidedOn } from '../../shared/ladder/record.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { ActMessage } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';

type Knows = { state: LadderState; configOf: (digest: string) => LadderConfig; entries: Entry[] };

/**
 * What is wrong with giving up an instance (I18): it is nothing, it is none that the intent names, none that failed by what
 * was read right before, or one too many. What counts is the configuration that it was claimed by: whoever is at work does
 * not know of one that came since.
 *
 * @param given by act what it gave up so far; gone on with
 */
export const wronglyGiven = (
  command: unknown,
  { actKey }: ActMessage,
  given: Map<string, string[]>,
  { state: { incident }, configOf, entries }: Knows,
): string | null => {
  if (!(command instanceof SetInstanceHealthCommand)) return null;
  const instance = command.input.InstanceId ?? '';
  if (instance === '') return 'acts on nothing';
  given.set(actKey, [...(given.get(actKey) ?? []), instance]);
  const phase = incident?.phase;
  const targets = phase?.name === 'acting' && phase.intent.actKey === actKey ? phase.intent.targets : undefined;
  if (targets === undefined || phase?.name !== 'acting') return null;
  const claim = claimOf(entries, actKey);
  const { levels } = configOf(claim.config);
  const limit = levels.find(({ level }) => level === phase.intent.level)?.limit ?? 0;
  if (!targets.includes(instance)) return `gives up ${instance}, which is none of ${targets.join(', ')}`;
  if (new Set(given.get(actKey)).size > limit) return `gives up more than ${limit}`;
  const isFirst = incident?.forced === false && incident.step === 0;
  return isFirst && !failedBy(claim).includes(instance) ? `gives up ${instance}, which does not fail` : null;
};

/** The decision by which an act was granted. */
const claimOf = (entries: Entry[], actKey: string): DecidedOn => {
  const decided = entries.findLast(({ kind, detail }) => {
    const { input } = detail as Partial<DecidedOn>;
    return kind === 'ladder.decided' && input?.type === 'claim' && input.actKey === actKey;
  });
  if (decided === undefined) throw new Error(`${actKey} was never claimed`);
  return decided.detail as unknown as DecidedOn;
};

/** What failed by the reading that the act was claimed on. */
const failedBy = ({ readings }: DecidedOn): string[] =>
  Object.values(readings.act?.alarms ?? {}).flatMap(({ failing }) => failing?.['InstanceId'] ?? []);
