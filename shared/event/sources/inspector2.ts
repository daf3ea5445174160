import { accountArn, arnOf, isArnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import { type Context, type Fact, keyAt, type Normaliser } from '../fact.ts';
import { inWords, type JsonObject, list, number, object, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';
import { lookUp } from '../look-up.ts';
import { imageScan } from './image-scan.ts';

/** Inspector User Guide, "EventBridge event schema": `source` is `aws.inspector2`. */
export const inspector2: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'Inspector2 Finding':
      return finding(event);
    case 'Inspector2 Scan':
      return scan(event, context);
    case 'Inspector2 Coverage':
      return coverage(event, context);
    case 'Inspector2 AutoEnable':
      return enabled(event, context);
    default:
      return null;
  }
};

const findingKinds: { [status: string]: Kind } = {
  ACTIVE: 'finding.active',
  CLOSED: 'finding.closed',
  SUPPRESSED: 'finding.suppressed',
};

const finding = (event: Envelope): Fact | null => {
  const { detail } = event;
  const [arn, status] = [text(detail, 'findingArn'), text(detail, 'status') ?? ''];
  const kind = lookUp(findingKinds, status);
  if (arn === null || kind === null) return null;
  const updated = text(detail, 'updatedAt') ?? text(detail, 'lastObservedAt');
  return {
    kind,
    subject: arn,
    ...keyAt(instant(updated) ?? updated ?? event.time, status.toLowerCase()),
    occurredAt: instant(updated) ?? instant(event.time),
    outcome: status.toLowerCase(),
    reason: text(detail, 'title'),
    detail: { finding: arn, ...whatWasFound(detail), ...whereFound(detail) },
  };
};

/** So many packages are listed; the finding has them all. */
const maxPackages = 20;

const whatWasFound = (detail: JsonObject): JsonObject => {
  const vulnerability = object(detail, 'packageVulnerabilityDetails');
  const ports = object(detail, 'networkReachabilityDetails', 'openPortRange');
  const packages = list(vulnerability, 'vulnerablePackages').flatMap((one) => text(one, 'name') ?? []);
  return present({
    severity: text(detail, 'severity'),
    type: text(detail, 'type'),
    score: number(detail, 'inspectorScore'),
    vulnerability: text(vulnerability, 'vulnerabilityId'),
    packages: packages.length === 0 ? null : packages.slice(0, maxPackages),
    ports: Object.keys(ports).length === 0 ? null : ports,
    file: text(detail, 'codeVulnerabilityDetails', 'filePath', 'filePath'),
    fixAvailable: text(detail, 'fixAvailable'),
    exploitAvailable: text(detail, 'exploitAvailable'),
    firstObservedAt: instant(detail['firstObservedAt']),
  });
};

/** A finding is about one resource; of an image its repository and digest say which releases have it. */
const whereFound = (detail: JsonObject): JsonObject => {
  const resource = list(detail, 'resources')[0];
  const image = object(resource, 'details', 'awsEcrContainerImage');
  return present({
    resource: text(resource, 'id'),
    resourceType: text(resource, 'type'),
    repository: text(image, 'repositoryName'),
    image: text(image, 'imageHash'),
    tags: image['imageTags'],
  });
};

const scan = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const repository = text(detail, 'repository-name');
  const [scanned, status] = [text(detail, 'instance-id') ?? event.resources[0], text(detail, 'scan-status')];
  if (repository !== null) return imageScan(event, context, repository);
  if (scanned === undefined || status === null) return null;
  return {
    kind: 'resource.scanned',
    subject: resource(event, context, scanned),
    ...keyAt(event.time, 'scan', status),
    outcome: inWords(status),
    detail: present({ severities: object(detail, 'finding-severity-counts') }),
  };
};

/** What is scanned is named by its ARN or, for an instance, by its bare id. */
const resource = (event: Envelope, context: Context, name: string): string =>
  !isArnOf(name) && /^i-[0-9a-f]+$/.test(name) ? arnOf(event, 'ec2', `instance/${name}`, context) : name;

const coverage = (event: Envelope, context: Context): Fact => {
  const covered = event.resources[0];
  return {
    kind: 'coverage.changed',
    subject: covered === undefined ? own(event, context) : resource(event, context, covered),
    occurredAt: instant(event.detail['eventTimestamp']) ?? instant(event.time),
    outcome: text(event.detail, 'scanStatus', 'statusCodeValue')?.toLowerCase() ?? null,
    reason: text(event.detail, 'scanStatus', 'reason'),
    detail: present({ scanType: text(event.detail, 'scanType') }),
  };
};

const enabled = (event: Envelope, context: Context): Fact => ({
  kind: 'scanning.enabled',
  subject: own(event, context),
  outcome: text(event.detail, 'status')?.toLowerCase() ?? null,
  reason: text(event.detail, 'errorMessage') ?? text(event.detail, 'reason'),
  detail: {},
});

const own = (event: Envelope, context: Context): string =>
  accountArn(event.account ?? context.account, event.region ?? context.region);
