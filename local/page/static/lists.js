import { element } from './dom.js';
import { code, pill, timeElement } from './words.js';

/** One release: what it is and what may be done with it. */
export const releaseElement = (release) =>
  element(
    'li',
    {},
    element(
      'div.card-head',
      {},
      element('h3', {}, code(release.commit), ' ', release.subject ?? ''),
      pill(release.status),
    ),
    element(
      'p.quiet',
      {},
      `${release.environment}/${release.service}, `,
      timeElement(release.reachedAt),
      release.author && `, ${release.author}`,
      release.byRollback && ', put there by a rollback',
      release.lastGood && element('span.tag', {}, 'last good'),
    ),
    release.reason && element('p.reason', {}, release.reason),
  );

/** One alert, as people were told. */
export const alertElement = (alert) =>
  element(
    `li.alert.${alert.severity}`,
    {},
    element('h3', {}, alert.headline),
    element(
      'p.quiet',
      {},
      timeElement(alert.at),
      alert.change && ', ',
      alert.change && code(alert.change.commit),
      alert.subject && ` ${alert.subject}`,
      alert.author && `, ${alert.author}`,
      alert.sent.length > 0 ? `, sent to ${alert.sent.map(takenBy).join(', ')}` : ', not sent yet',
    ),
    element('p', {}, `Next: ${alert.next}`),
  );

const takenBy = ({ topic, insteadOf }) => (insteadOf ? `${topic} instead of ${insteadOf}` : topic);
