import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../shared/alert/forms.ts';
import { messageAsRaised } from '../../../shared/alert/message.ts';
import { redact, withoutSecrets } from '../../../shared/event/redact.ts';
import type { Alert } from '../../../shared/ladder/events.ts';
import { says } from '../../../shared/story/says.ts';
import type { Told } from '../../../shared/story/words.ts';
import type { Draft } from '../../../shared/trail/entry.ts';
import { kindNames, type Planted, plantedOf } from '../../fixtures/secrets/kinds.ts';
import { places } from '../../fixtures/secrets/places.ts';
import { writings } from '../../fixtures/secrets/writings.ts';
import { digest, groupsOf } from './harness.ts';

const placesTold = ['the environment of a build', 'a commit message and a variable of a pipeline'];

const draftsOf = (where: string, text: string): Draft[] =>
  groupsOf(places[where]?.(text) ?? {}).flatMap(({ entries }) => entries);

/** What CodeCommit answers about a commit comes to the trail like this, and not by an event. */
const described = (message: string): Told =>
  told({
    kind: 'commit.described',
    subject: 'escalator:commit/shop/a1b2c3d',
    change: { repository: 'shop', commit: 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4' },
    detail: redact({ message, author: { name: 'Ada' } }, digest).detail,
  });

const told = (over: Partial<Told>): Told =>
  ({
    kind: 'unknown',
    subject: '',
    actor: { type: 'unknown' },
    reason: null,
    outcome: null,
    detail: {},
    ...over,
  }) as Told;

/** Every form in which people and machines get an alert. */
const formsIn = (alert: Alert): string =>
  [true, false]
    .map((chat) => formsOf(messageAsRaised(alert, ['sre'], '2026-11-21T14:01:19.000Z'), chat))
    .map(
      ({ subject, structure, attributes }) =>
        `${subject} ${Object.values(structure).join(' ')} ${JSON.stringify(attributes)}`,
    )
    .join(' ');

const alertOf = (said: string[]): Alert => ({
  id: 'production/shop#9',
  incident: 'production.shop.5',
  environment: 'production',
  service: 'shop',
  severity: 'page',
  headline: said.join(' and '),
  change: { repository: 'shop', commit: 'a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4' },
  author: 'Ada',
  subject: said[0] ?? null,
  failing: ['smoke'],
  done: said,
  next: said.join(', '),
});

const withoutBreaks = (shown: string): string => shown.replaceAll(/\\+[rn]|\\+|\s/g, '');

/** The first line of a key is enough of it to tell by. */
const mark = ({ secret }: Planted): string => withoutBreaks(secret).slice(0, 16);

const everything = kindNames.flatMap((kind) => plantedOf(kind, 1));
const howWritten = ['as it is', 'cut by a line break', 'in base64, in a sentence', 'percent-encoded twice'];

describe('what people are told', () => {
  it.each(howWritten)('has no secret of an event in it: written %s', (how) => {
    for (const planted of everything) {
      const text = writings[how]?.(planted) ?? '';
      const drafts = placesTold.flatMap((where) => draftsOf(where, text));
      expect(drafts.map(({ kind }) => kind)).toEqual(['build.failed', 'action.failed']);
      const said = drafts.map((draft) => says(draft));
      const told = formsIn(alertOf([...said, ...drafts.flatMap(({ reason }) => reason ?? [])]));
      expect(withoutBreaks(`${said.join(' ')} ${told}`)).not.toContain(mark(planted));
    }
  });

  it.each(howWritten)('has no secret of a commit message in it: written %s', (how) => {
    for (const planted of everything) {
      const message = writings[how]?.(planted) ?? '';
      const said = says(described(message));
      const told = formsIn(alertOf([said, withoutSecrets(message).split('\n')[0] ?? '']));
      expect(said).toContain('a1b2c3d');
      expect(withoutBreaks(`${said} ${told}`)).not.toContain(mark(planted));
    }
  });

  it('has in its place the rule under which it went, and the rest of the sentence', () => {
    const { secret } = plantedOf('AWS access key id', 1)[0] ?? { secret: '' };
    expect(withoutSecrets(`Use ${secret} for now`)).toBe('Use [redacted aws-access-key-id] for now');
    expect(says(described(`Use ${secret} for now`))).toMatch(
      /"Use \[redacted aws-access-key-id [0-9a-f]{12}\] for now"/,
    );
  });
});
