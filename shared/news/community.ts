import { text } from '../event/fields.ts';
import { short } from '../story/words.ts';
import type { Entry } from '../trail/entry.ts';
import type { Rule } from './rule.ts';

const escalator = { name: ['escalator'] };

/** A change in one environment, whichever of its services it came to. */
const aChange = ['environment', 'change.commit'];

const whereOf = ({ environment, service }: Entry): string => [service, environment].filter(Boolean).join(' in ');

const changeOf = ({ detail }: Entry): string => {
  const [subject, author] = [text(detail, 'release', 'subject'), text(detail, 'release', 'author')];
  const said = subject === null ? '' : ` "${subject}"`;
  return `${short(text(detail, 'release', 'commit'))}${said}${author === null ? '' : ` by ${author}`}`;
};

const nothingToDo = 'nothing to do';

/** Changes as they go through each environment: one message for each, and nothing of how. */
export const community: Rule[] = [
  {
    name: 'waiting',
    match: { source: { name: ['aws.codepipeline'] }, kind: ['action.started'], detail: { category: ['Approval'] } },
    severity: 'info',
    by: ['environment', 'execution'],
    title: (entry) =>
      `${whereOf(entry) || (text(entry.detail, 'pipeline') ?? 'a pipeline')}: a change waits for approval ${text(entry.detail, 'action')}`,
    next: 'whoever may approve it answers in CodePipeline',
  },
  {
    name: 'deployed',
    // What was found later, and of which it is known since when it was good, is no news.
    match: {
      source: escalator,
      kind: ['release.reached'],
      detail: { release: { byRollback: [false] }, recovered: { goodSince: [{ exists: false }] } },
    },
    severity: 'info',
    by: aChange,
    title: (entry) => `${whereOf(entry)}: ${changeOf(entry)} is deployed`,
    next: nothingToDo,
  },
  {
    name: 'rolled-back',
    match: { source: escalator, kind: ['release.quarantined'] },
    severity: 'info',
    by: aChange,
    title: (entry) => `${whereOf(entry)}: ${short(text(entry.detail, 'commit'))} is taken back: ${entry.reason ?? ''}`,
    next: 'the release before it is put there again; its author makes a change that mends it',
  },
  {
    name: 'put-back',
    match: {
      source: escalator,
      kind: ['release.reached'],
      detail: { release: { byRollback: [true] }, recovered: { goodSince: [{ exists: false }] } },
    },
    severity: 'info',
    by: aChange,
    title: (entry) => `${whereOf(entry)}: ${changeOf(entry)} is put there again`,
    next: nothingToDo,
  },
];
