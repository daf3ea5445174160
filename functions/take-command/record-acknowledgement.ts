import { accountGroup } from '../../shared/alert/inputs-of.ts';
import type { Tellers } from '../../shared/alert/route.ts';
import { EscalatorError } from '../../shared/errors.ts';
import { withoutSecrets } from '../../shared/event/redact.ts';
import { newsNamed } from '../../shared/news/notice.ts';
import type { Actor } from '../../shared/trail/entry.ts';
import { take, type TellPorts } from '../support/tell.ts';

export type AcknowledgeCommand = { id: string; alert: string; why: string };

/**
 * Lets a group of alerts know that somebody knows: it is not repeated, and goes to no further contact.
 *
 * @throws EscalatorError ESC-011 where nothing is told under that name, ESC-055 where it is over, or somebody was first
 */
export const acknowledged = async (
  ports: TellPorts & { known: string[] },
  { id, alert, why }: AcknowledgeCommand,
  who: Actor,
): Promise<void> => {
  const named = groupNamed(alert);
  if (named === null || !isToldOf(ports, named.group))
    throw new EscalatorError('ESC-011', `there is no alert ${JSON.stringify(alert)}`, 'escalator alerts lists them');
  const before = (await ports.groups.load(named.group)).acknowledged;
  if (before?.id === id) return;
  const { group: _group, ...what } = named;
  const said = { type: 'acknowledged', id, who, why: withoutSecrets(why), ...what } as const;
  const outcome = await take(ports, named.group, said);
  if (outcome === 'not-open')
    throw new EscalatorError('ESC-055', `nothing of ${alert} is open`, 'escalator alerts shows what is');
  if (outcome === 'acknowledged-already')
    throw new EscalatorError('ESC-055', `${alert} was acknowledged before, by ${nameOf(before)}`);
};

/** A ladder, the account, or news that the configuration wants. */
const isToldOf = ({ known, tellers }: { known: string[]; tellers: Tellers }, group: string): boolean =>
  [accountGroup, ...known].includes(group) || tellers.newsTo.has(newsNamed(group) ?? '');

const nameOf = (before: { who: Actor } | null): string =>
  before !== null && 'name' in before.who ? before.who.name : 'somebody';

/** A message, an incident, or all that is told of a ladder or of the account. */
const groupNamed = (alert: string): { group: string; about: string | null; message?: number } | null => {
  const [, ofMessage, version] = /^alerts\/([^#]+)#(\d{1,9})$/.exec(alert) ?? [];
  if (ofMessage !== undefined) return { group: ofMessage, about: null, message: Number(version) };
  const [, environment, service] = /^([A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]+))?\.\d{1,9}$/.exec(alert) ?? [];
  if (environment === undefined) return { group: alert, about: null };
  return { group: service === undefined ? environment : `${environment}/${service}`, about: alert };
};
