import { SetInstanceHealthCommand } from '@aws-sdk/client-auto-scaling';
import type { LadderConfig } from '../../shared/config/config.ts';
import type { DecidedOn } from '../../shared/ladder/record.ts';
import type { LadderState } from '../../shared/ladder/state.ts';
import type { ActMessage } from '../../shared/ports.ts';
import type { Entry } from '../../shared/trail/entry.ts';

/**
 * What is wrong with giving up an instance (I18): it is nothing, it is none that the intent names, none that failed by what
 * was read right before, or one too many.
 *
 * @param given by act what it gave up so far; gone on with
 */
export const wronglyGiven = (
  command: unknown,
  { actKey }: ActMessage,
  given: Map<string, string[]>,
  { state: { incident }, config, entries }: { state: LadderState; config: LadderConfig; entries: Entry[] },
): string | null => {
  if (!(command instanceof SetInstanceHealthCommand)) return null;
  const instance = command.input.InstanceId ?? '';
  if (instance === '') return 'acts on nothing';
  given.set(actKey, [...(given.get(actKey) ?? []), instance]);
  const phase = incident?.phase;
  const targets = phase?.name === 'acting' && phase.intent.actKey === actKey ? phase.intent.targets : undefined;
  if (targets === undefined || phase?.name !== 'acting') return null;
  const limit = config.levels.find(({ level }) => level === phase.intent.level)?.limit ?? 0;
  if (!targets.includes(instance)) return `gives up ${instance}, which is none of ${targets.join(', ')}`;
  if (new Set(given.get(actKey)).size > limit) return `gives up more than ${limit}`;
  const isFirst = incident?.forced === false && incident.step === 0;
  return isFirst && !failedBy(entries, actKey).includes(instance) ? `gives up ${instance}, which does not fail` : null;
};

/** What failed by the reading that the act was claimed on. */
const failedBy = (entries: Entry[], actKey: string): string[] => {
  const claim = entries.findLast(({ kind, detail }) => {
    const input = (detail as { input?: DecidedOn['input'] }).input;
    return kind === 'ladder.decided' && input?.type === 'claim' && input.actKey === actKey;
  });
  const { readings } = (claim?.detail ?? {}) as { readings?: DecidedOn['readings'] };
  return Object.values(readings?.act?.alarms ?? {}).flatMap(({ failing }) => failing?.['InstanceId'] ?? []);
};
