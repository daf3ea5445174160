import type { Config, LadderConfig } from '../config/config.ts';
import type { Entry } from '../trail/entry.ts';
import type { Input } from './input.ts';

/** What a ladder said itself, in its own stream. */
export const isOfLadder = (entry: Entry): boolean => entry.source.name === 'escalator' && told.includes(entry.kind);

/** What the ladders above and below look at: it is read from the ladder itself, this only says when. */
const told = ['incident.opened', 'services.called', 'incident.closed', 'call.refused'];

/** The services of an environment whose ladder went on, or the environment of a service whose ladder ended. */
export const neighbourInputs = (
  { seq, kind, environment, service }: Entry,
  config: Config,
): { service: LadderConfig; input: Input }[] => {
  if (service === null)
    return config.services
      .filter(({ above }) => above === environment)
      .map((one) => ({ service: one, input: { type: 'above', seq } }));
  const ladder = `${environment}/${service}`;
  return kind === 'incident.opened'
    ? []
    : config.environments
        .filter(({ below }) => below.includes(ladder))
        .map((one) => ({ service: one, input: { type: 'below', seq, ladder } }));
};
