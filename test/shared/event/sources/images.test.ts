import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture } from '../harness.ts';

const repository = 'arn:aws:ecr:eu-west-1:111122223333:repository/shop';
const instance = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718';

describe('an image', () => {
  it('was pushed by its tag and digest, and a push that failed is one that failed', () => {
    expect(fixture('ecr/image-push.json')).toMatchObject({
      kind: 'image.pushed',
      subject: repository,
      outcome: 'succeeded',
      actor: { type: 'unknown' },
      detail: { repository: 'shop', tag: 'v7', image: expect.stringMatching(/^sha256:/) as unknown },
    });
    const failed = fixture('ecr/image-push-untagged.json');
    expect(failed.outcome).toBe('failed');
    expect(failed.detail).not.toHaveProperty('tag');
  });

  it('that is pushed again later is another fact: a tag can be moved away and back', () => {
    const event = eventOf('ecr/image-push.json');
    const at = (time: string | null): string => factOf({ ...event, time }).key;
    expect(at('2026-11-20T16:00:00Z')).not.toBe(at('2026-11-20T17:00:00Z'));
    expect(at(null)).toBe(at(null));
  });

  it('copied from elsewhere says from where, and is copied by the registry', () => {
    expect(fixture('ecr/replication.json').actor).toEqual({ type: 'service', name: 'ecr.amazonaws.com' });
    expect(fixture('ecr/replication.json').detail).toMatchObject({
      fromAccount: '111122223333',
      fromRegion: 'eu-central-1',
    });
    expect(fixture('ecr/pull-through.json').detail['upstream']).toBe('public.ecr.aws');
  });

  it('was scanned with so many findings of each severity, by ECR or by Inspector', () => {
    expect(fixture('ecr/image-scan.json')).toMatchObject({
      kind: 'image.scanned',
      subject: repository,
      outcome: 'complete',
    });
    expect(fixture('inspector2/scan.json')).toMatchObject({
      kind: 'image.scanned',
      subject: repository,
      detail: { severities: { HIGH: 1, TOTAL: 1 }, tags: ['v7'] },
    });
    const failed = fixture('ecr/image-scan-failed.json');
    expect(failed.outcome).toBe('failed');
    expect(failed.detail).not.toHaveProperty('severities');
  });

  it('is scanned as its repository says; many repositories at once are about the account', () => {
    expect(fixture('ecr/scan-resource.json').subject).toBe(repository);
    expect(fixture('ecr/scan-resources.json')).toMatchObject({
      subject: 'arn:aws:iam::111122223333:root',
      detail: {
        repositories: [
          { repository: 'shop', frequency: 'SCAN_ON_PUSH', previous: 'MANUAL' },
          { repository: 'cart', frequency: 'CONTINUOUS_SCAN', previous: 'SCAN_ON_PUSH' },
        ],
      },
    });
  });
});

describe('a finding', () => {
  it('in an image names its packages, and the digest by which releases have it', () => {
    expect(fixture('inspector2/finding-image.json')).toMatchObject({
      kind: 'finding.active',
      outcome: 'active',
      reason: 'CVE-2026-1234 - libssl3, openssl',
      detail: {
        severity: 'CRITICAL',
        score: 9.8,
        vulnerability: 'CVE-2026-1234',
        packages: ['libssl3', 'openssl'],
        fixAvailable: 'PARTIAL',
        repository: 'shop',
        image: expect.stringMatching(/^sha256:1f/) as unknown,
        tags: ['v7'],
        resourceType: 'AWS_ECR_CONTAINER_IMAGE',
      },
    });
  });

  it('in a network names the ports, in code the file', () => {
    expect(fixture('inspector2/finding-network.json').detail).toMatchObject({
      severity: 'MEDIUM',
      ports: { begin: 22, end: 22 },
      resource: 'i-0a1b2c3d4e5f60718',
    });
    expect(fixture('inspector2/finding-code.json')).toMatchObject({
      kind: 'finding.suppressed',
      detail: { file: 'src/main.py', severity: 'UNTRIAGED' },
    });
  });

  it('is closed, suppressed or found again as facts of their own, each at its time however that is written', () => {
    const event = eventOf('inspector2/finding-active.json');
    const at = (updatedAt: string, status = 'ACTIVE'): string =>
      factOf({ ...event, detail: { ...event.detail, updatedAt, status } }).key;
    const keys = [
      at('Nov 20, 2026, 6:08:05 PM'),
      at('Nov 21, 2026, 6:08:05 PM'),
      at('Nov 20, 2026, 6:08:05 PM', 'CLOSED'),
    ];
    expect(new Set(keys).size).toBe(3);
    expect(at('Fri Nov 20 18:08:05.000 UTC 2026')).toBe(keys[0]);
    expect(fixture('inspector2/finding-active.json').detail['firstObservedAt']).toBe('2026-11-19T18:08:05.000Z');
  });
});

describe('what is scanned', () => {
  it('may be an instance, named by its bare id', () => {
    expect(fixture('inspector2/scan-of-instance.json')).toMatchObject({
      kind: 'resource.scanned',
      subject: instance,
      detail: { severities: { HIGH: 2 } },
    });
    expect(fixture('inspector2/coverage.json')).toMatchObject({
      subject: instance,
      outcome: 'inactive',
      reason: 'UNMANAGED_EC2_INSTANCE',
    });
  });
});
