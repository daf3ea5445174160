import { text } from '../event/fields.ts';
import { short } from '../story/words.ts';
import type { Entry } from '../trail/entry.ts';
import type { Rule } from './rule.ts';

const escalator = { name: ['escalator'] };

/** A change in one environment is told as one, whichever of its services it came to, and whatever becomes of it. */
const aChange = { severity: 'info', together: 'change', by: ['environment', 'change.commit'] } satisfies Partial<Rule>;

const whereOf = ({ environment, service }: Entry): string => [service, environment].filter(Boolean).join(' in ');

const changeOf = ({ detail }: Entry): string => {
  const [subject, author] = [text(detail, 'release', 'subject'), text(detail, 'release', 'author')];
  const said = subject === null ? '' : ` "${subject}"`;
  return `${short(text(detail, 'release', 'commit'))}${said}${author === null ? '' : ` by ${author}`}`;
};

/** A release that came. One that was found later, and of which it is known since when it was good, is no news. */
const reached = (release: object, more: object = {}): Rule['match'] => ({
  source: escalator,
  kind: ['release.reached'],
  detail: { release, recovered: { goodSince: [{ exists: false }] }, ...more },
});

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
    ...aChange,
    name: 'deployed',
    match: reached({ byRollback: [false] }),
    title: (entry) => `${whereOf(entry)}: ${changeOf(entry)} is deployed`,
    next: 'nothing to do',
  },
  {
    ...aChange,
    name: 'rolled-back',
    match: { source: escalator, kind: ['release.quarantined'] },
    title: (entry) => `${whereOf(entry)}: ${short(text(entry.detail, 'commit'))} is taken back: ${entry.reason ?? ''}`,
    next: 'the release before it is put there again; whoever wrote the change mends it with another one',
  },
  {
    ...aChange,
    name: 'put-back',
    // Of what is put there again within an incident the community hears as of what is taken back.
    match: reached({ byRollback: [true] }, { incident: [null] }),
    title: (entry) => `${whereOf(entry)}: ${changeOf(entry)} is put there again, by a rollback`,
    next: 'nothing to do',
  },
];
