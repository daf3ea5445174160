import { object, text } from '../event/fields.ts';
import type { Actor } from '../trail/entry.ts';
import type { Take } from './facts.ts';
import { whenOf } from './facts.ts';

/** A release that reached its environment: one row. Whatever its detail lacks, the row is there. */
export const takeReached: Take = (population, record) => {
  const release = object(record.detail, 'release');
  population.reached.push({
    seq: record.seq,
    at: text(release, 'reachedAt') ?? whenOf(record),
    environment: record.environment ?? '',
    service: record.service ?? '',
    release: text(release, 'id') ?? record.release ?? '',
    commit: text(release, 'commit') ?? record.change?.commit ?? null,
    repository: record.change?.repository ?? null,
    execution: text(release, 'execution') ?? record.execution,
    author: text(release, 'author'),
    subject: text(release, 'subject'),
    byRollback: release['byRollback'] === true,
    rebuiltFrom: text(release, 'rebuiltFrom'),
  });
};

/** By the ladder, which says its reason, or by a person, who says why. */
export const takeQuarantined: Take = (population, record) => {
  population.quarantined.push({
    seq: record.seq,
    at: whenOf(record),
    environment: record.environment ?? '',
    service: record.service ?? '',
    repository: record.change?.repository ?? null,
    by: (record.detail['who'] as Actor | undefined) ?? { type: 'service', name: 'escalator' },
    release: text(record.detail, 'release') ?? record.release ?? '',
    commit: text(record.detail, 'commit') ?? record.change?.commit ?? null,
    reason: text(record.detail, 'reason') ?? text(record.detail, 'why') ?? '',
    incident: text(record.detail, 'incident'),
  });
};

/** What Escalator was about to do: whether it goes back from a release, and why. */
export const takeIntended: Take = (population, record) => {
  const intent = object(record.detail, 'intent');
  const actKey = text(intent, 'actKey');
  if (actKey === null) return;
  const reason = text(intent, 'forCause', 'reason');
  population.intents.set(actKey, {
    seq: record.seq,
    reason,
    forCause: Object.keys(object(intent, 'forCause')).length > 0,
  });
};

export const takeStepStarted: Take = (population, record) => {
  const [actKey, execution] = [text(record.detail, 'actKey'), text(record.detail, 'execution')];
  if (actKey !== null && execution !== null) population.acts.set(execution, { actKey, seq: record.seq });
};
