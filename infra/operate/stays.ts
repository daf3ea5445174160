import type { ArchiveLock } from '../../shared/config/config.ts';

/** A CloudFormation template, as far as it is looked at here. */
export type Template = { Resources: { [id: string]: TemplateResource } };
export type TemplateResource = {
  Type: string;
  DeletionPolicy?: string;
  Properties?: { [property: string]: unknown };
};

/** One thing, or several of a kind, that a destroyed stack leaves behind. */
export type Stays = { what: string; ids: string[]; until: string; remove: string[] };

const day = 86_400_000;

/**
 * What is still there after `destroy`, until when, and how it is taken away: by the template's own word, so that nothing
 * is left out that a construct keeps.
 *
 * @param lock how the archive was locked; null where it is another account's
 */
export const whatStays = (template: Template, lock: ArchiveLock | null, now: Date): Stays[] => {
  const kept = Object.entries(template.Resources).filter(
    ([, { DeletionPolicy }]) => DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate',
  );
  const byType = Map.groupBy(kept, ([id, { Type }]) => (isArchive(id, Type) ? 'archive' : Type));
  return [...byType].map(([type, all]) => ({
    ids: all.map(([id]) => id),
    ...(type === 'archive'
      ? ofArchive(lock, now)
      : ofType(
          type,
          all.map(([, resource]) => resource),
        )),
  }));
};

/** The construct's own path: `Auditor/Archive`. */
const isArchive = (id: string, type: string): boolean => type === 'AWS::S3::Bucket' && /Archive/.test(id);

type Told = Omit<Stays, 'ids'>;

const emptyBucket = [
  'aws s3api list-object-versions --bucket NAME --query "{Objects: Versions[].{Key: Key, VersionId: VersionId}}" > all.json',
  'aws s3api delete-objects --bucket NAME --delete file://all.json   # 1,000 at a time',
  'aws s3api delete-bucket --bucket NAME',
];

const ofArchive = (lock: ArchiveLock | null, now: Date): Told => {
  const what = 'the archive: checkpoints, and every entry that was sealed';
  if (lock === null || lock.lock === 'none')
    return { what, until: 'until somebody deletes it: it is not locked', remove: emptyBucket };
  const last = new Date(now.getTime() + lock.days * day).toISOString().slice(0, 10);
  const until = `each object ${lock.days} days from when it was written: the last of them until ${last}`;
  if (lock.lock === 'compliance')
    return { what, until: `${until}; nobody can delete it sooner, not the root of the account either`, remove: [] };
  const bypass = 'sooner only by whoever has s3:BypassGovernanceRetention, with --bypass-governance-retention';
  return { what, until: `${until}; ${bypass}`, remove: emptyBucket };
};

const ofType = (type: string, all: TemplateResource[]): Told => {
  const known = types[type];
  return known === undefined
    ? { what: type, until: 'until somebody deletes it', remove: [] }
    : { ...known, until: known.until.replace('{days}', retentionOf(all)) };
};

const retentionOf = (all: TemplateResource[]): string =>
  [...new Set(all.map(({ Properties }) => String(Properties?.['RetentionInDays'])))].join(' or ');

const types: { [type: string]: Told } = {
  'AWS::DynamoDB::Table': {
    what: 'the trail: every entry, and what answers questions about them',
    until: 'until somebody takes its deletion protection away and deletes it',
    remove: [
      'aws dynamodb update-table --table-name NAME --no-deletion-protection-enabled',
      'aws dynamodb delete-table --table-name NAME   # DynamoDB keeps a backup of its last state for 35 days',
    ],
  },
  'AWS::S3::Bucket': {
    what: 'details of entries that were too large for the table',
    until: 'until somebody deletes them',
    remove: emptyBucket,
  },
  'AWS::KMS::Key': {
    what: 'the keys: what the trail, queues and archive are encrypted with, and what signed the trail',
    until: 'until somebody deletes them, a dollar a month each; without the first nothing above can be read',
    remove: ['aws kms schedule-key-deletion --key-id ID --pending-window-in-days 30   # the last of all'],
  },
  'AWS::SecretsManager::Secret': {
    what: 'the key of keyed digests: without it nobody can find what was redacted by its digest',
    until: 'until somebody deletes it',
    remove: ['aws secretsmanager delete-secret --secret-id NAME --recovery-window-in-days 30'],
  },
  'AWS::Logs::LogGroup': {
    what: 'the logs of the functions, and of who asked the door',
    until: 'each line until it is {days} days old',
    remove: ['aws logs delete-log-group --log-group-name NAME'],
  },
};

/** The list for a person, with the one command that tells the names: afterwards nobody knows them. */
export const sayStays = (stays: Stays[]): string[] => [
  'These stay when the stack is gone. Note their names first:',
  '  aws cloudformation describe-stack-resources --stack-name Escalator --query "StackResources[].[LogicalResourceId,PhysicalResourceId]" --output table',
  '',
  ...stays.flatMap(({ what, ids, until, remove }) => [
    what,
    `  stays   ${until}`,
    `  as      ${ids.join(', ')}`,
    ...(remove.length === 0 ? ['  remove  it cannot be removed before'] : remove.map((line) => `  remove  ${line}`)),
    '',
  ]),
];
