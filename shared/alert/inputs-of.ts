import type { Alert } from '../ladder/events.ts';
import type { Actor, Entry } from '../trail/entry.ts';
import { newsGroup, newsNotice } from '../news/notice.ts';
import { rulesFor } from '../news/news-of.ts';
import type { Tellers } from './route.ts';
import { type AlertInput, type Notice, severityOf } from './notice.ts';

/** An input and the group it is for. */
export type ToGroup = { group: string; input: AlertInput };

/**
 * What an entry of the trail is to people, and in which groups: what was raised for them, and what they did themselves.
 * Empty where it is nothing to tell.
 */
export const alertInputsOf = (entry: Entry, tellers: Tellers): ToGroup[] => {
  const ofLadder = ofLadders(entry);
  return [...(ofLadder === null ? [] : [ofLadder]), ...ofNews(entry, tellers)];
};

/** What the configuration calls news: one piece for each of its rules. */
const ofNews = (entry: Entry, { news, own }: Tellers): ToGroup[] =>
  rulesFor(entry, news, own).map((rule) => ({
    group: newsGroup(rule, entry),
    input: { type: 'notice', seq: entry.seq, notice: newsNotice(rule, entry) },
  }));

/** What a ladder raised for people, or what people did with it. */
const ofLadders = (entry: Entry): ToGroup | null => {
  if (entry.source.name !== 'escalator') return null;
  const { seq, kind, detail } = entry;
  switch (kind) {
    case 'alert.raised': {
      const alert = detail['alert'] as unknown as Alert;
      return { group: groupOf(alert), input: { type: 'notice', seq, notice: noticeOf(alert) } };
    }
    case 'ladder.freed':
      return {
        group: ladderOf(entry),
        input: { type: 'freed', seq, why: `${whereOf(entry)}: free again, ${entry.reason ?? 'all checks pass'}` },
      };
    case 'ladder.stopped':
      return { group: ladderOf(entry), input: { type: 'taken', seq, who: detail['who'] as unknown as Actor } };
    default:
      return null;
  }
};

/** The group of what is about the account as a whole, such as a cause that many services share. */
export const accountGroup = 'account';

/** One service's incidents are one group, and so are those of an environment's own levels. */
const groupOf = ({ environment, service }: Alert): string => {
  if (environment === '') return accountGroup;
  return service === '' ? environment : `${environment}/${service}`;
};

const ladderOf = ({ environment, service }: Entry): string =>
  service === null ? `${environment}` : `${environment}/${service}`;

const whereOf = ({ environment, service }: Entry): string =>
  service === null ? `${environment}` : `${service} in ${environment}`;

/** What ends by itself is open until it does; a page that nothing ends calls until somebody answers. */
const noticeOf = (alert: Alert): Notice => {
  const severity = severityOf(alert);
  const said = { severity, alert, mutedBy: null };
  if (alert.over === true) return { ...said, about: alert.incident ?? alert.id, says: 'over' };
  if (alert.incident !== null) return { ...said, about: alert.incident, says: 'open' };
  if (severity !== 'page') return { ...said, about: alert.id, says: 'once' };
  return { ...said, about: alert.id, says: alert.environment === '' ? 'call' : 'open' };
};
