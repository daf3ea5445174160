import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Draft } from '../../../shared/trail/entry.ts';
import { badBody, badInputs } from './bad-input.ts';
import { bodyOf, factOf, filesUnder, fixtures, groupsOf, nameOf } from './harness.ts';

/** What each form is, in words; the names are those that stand in `detail.via`. */
const forms: { [via: string]: string } = {
  'notification-rule': 'a notification rule',
  'without-source': 'no `source`: that of the detail-type is taken, and `source.name` is `unknown`',
  'cloudtrail-record': 'a bare CloudTrail record, as in a file of a trail',
  records: '`Records`: a file of CloudTrail, or a batch of SQS, SNS or CodeCommit',
  list: 'a JSON list',
  lambda: 'a record of SNS as a function gets it',
  sns: 'a message of a topic',
  sqs: 'a message of a queue',
  'alarm-action': 'what an alarm gives to a function',
  'alarm-topic': 'what an alarm tells a topic',
  'approval-topic': 'what a manual approval tells a topic',
  'config-rule': 'what Config gives to the function of a rule',
  'config-topic': 'what Config tells a topic',
  'pipeline-job': 'what a pipeline gives to a function; the credentials in it are not kept',
  'repository-trigger': 'what a repository trigger gives to a function or tells a topic',
  'deployment-trigger': 'what the trigger of a deployment group tells a topic',
  'lifecycle-hook': 'what a deployment gives to the function of a lifecycle hook',
  'stack-lines': "CloudFormation's lines of `Name='value'`",
};

type Row = { source: string; type: string; form: string; kinds: Map<string, Set<string>> };

const viaOf = ({ detail }: Draft): string[] =>
  ((detail['via'] ?? []) as string[]).map((via) => (via.startsWith('sns ') ? 'sns' : via));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const rowsOf = (drafts: Draft[]): Row[] => {
  const rows = new Map<string, Row>();
  for (const draft of drafts) {
    const [source, type, form] = [draft.source.name, text(draft.detail['detailType']), viaOf(draft).join(', ')];
    const key = JSON.stringify([source, type, form]);
    const row = rows.get(key) ?? { source, type, form, kinds: new Map<string, Set<string>>() };
    rows.set(key, row);
    row.kinds.set(draft.kind, (row.kinds.get(draft.kind) ?? new Set()).add(draft.outcome ?? ''));
  }
  return [...rows.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};

const line = ({ source, type, form, kinds }: Row): string => {
  const became = [...kinds.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, outcomes]) => {
      const said = [...outcomes].filter((outcome) => outcome !== '').toSorted();
      return `\`${kind}\`${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
    });
  return `| ${source} | ${type || '-'} | ${form || '-'} | ${became.join('<br>')} |`;
};

const bad = badInputs.map(({ file, what, kept }) => {
  const fact = factOf(badBody(file));
  const why = fact.kind === 'quarantined' ? `: ${fact.reason}` : '';
  return `| ${what} | \`${fact.kind}\`${why} | ${kept} |`;
});

const drafts = filesUnder(fixtures)
  .map((file) => nameOf(file))
  .filter((name) => !name.startsWith('quarantined/'))
  .flatMap((name) => groupsOf(bodyOf(name)).flatMap(({ entries }) => entries));

const seen = new Set(drafts.flatMap(viaOf));

it('each form that an event comes in has words in the reference', () => {
  expect([...seen].filter((form) => !Object.hasOwn(forms, form))).toEqual([]);
});

it('docs/reference/events.md is what becomes of the fixtures (vitest -u writes it)', async () => {
  const page = `# Events

What comes in, and what it is put on record as. Made from the fixtures in \`test/fixtures\`; after a change,
\`npx vitest run test/shared/event -u\` writes it anew. What each kind means: [kinds.md](kinds.md).

Every message becomes at least one entry. An event whose source, detail-type or shape is not known is of kind \`unknown\`
and stands whole in its entry. A message that is no event at all is of kind \`quarantined\`: why, its size, and the keyed
digest of its bytes, by which whoever has the message can show that it is this one. The bytes are not kept: secrets are
found by the names they stand under, and in what is not JSON there are none. Nothing is dropped, and a fact that stands
already is not put on record again, however it came the second time.

## Forms

An event may come as EventBridge sends it, or in one or more of these. They stand, outermost first, in \`detail.via\`;
what stands beside the event in them is kept in \`detail.beside\`, but for what is only of the delivery.

${Object.entries(forms)
  .filter(([via]) => seen.has(via))
  .map(([via, words]) => `- \`${via}\`: ${words}`)
  .join('\n')}

## Limits

- A message of more than 1 MiB, or of more than 64 levels of nesting, is quarantined unread.
- Wrappers in wrappers are opened six deep, and 2,000 events are taken from one message; one with more is one entry of
  kind \`unknown\` with all of it.
- An entry of more than 60 KB keeps what lists and ladders use; the whole detail, redacted, is in the object store
  under its hash (\`detail.oversized\`).

## Replays

An event with \`replay-name\` beside it, as EventBridge's replays from an archive and \`escalator replay\` have it, is put on
record where it does not stand already, with the name in \`detail.replayed\`. It is the same fact as the event that
happened: the name is no part of its key. It moves no ladder, and so nobody is told of it. An event that comes only after
its own replay adds nothing either: replay what is over.

## What no event told

What the reconciler read from a service is written as the event that should have told it, and becomes the same fact under the
same key, with \`detail.reconciled\` (\`late\` or \`backfilled\`) and \`detail.readBy\`, the call that told it; \`detail.event\` then holds
what was answered, in the event's form ([how complete the record is](completeness.md)).

## What becomes of which event

| source | detail-type | form | kind: outcomes |
| --- | --- | --- | --- |
${rowsOf(drafts).map(line).join('\n')}

## What is not as AWS sends it

| message | goes on record as | kept |
| --- | --- | --- |
${bad.join('\n')}
`;
  await expect(page).toMatchFileSnapshot(
    join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/reference/events.md'),
  );
});
