import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ArchiveStack } from '../../../infra/options/archive-stack.ts';
import { ChatStack } from '../../../infra/options/chat-stack.ts';
import { CloudTrailStack } from '../../../infra/options/cloud-trail-stack.ts';
import { RecorderStack } from '../../../infra/options/recorder-stack.ts';
import type { Config } from '../../../shared/config/config.ts';
import { ofType, path, type Resource, shop, type Statement } from '../template.ts';

const make: { [name: string]: () => Stack } = {
  EscalatorCloudTrail: () => new CloudTrailStack(new App(), 'EscalatorCloudTrail'),
  EscalatorRecorder: () => new RecorderStack(new App(), 'EscalatorRecorder'),
  EscalatorArchive: () => new ArchiveStack(new App(), 'EscalatorArchive', { of: '111122223333', days: 2555 }),
};
const templateOf = (name: string): { [id: string]: Resource } =>
  Template.fromStack(make[name]?.() ?? new Stack()).toJSON()['Resources'] as { [id: string]: Resource };

/** The one of its type. */
const only = (type: string, resources: { [id: string]: Resource }): Resource['Properties'] => {
  const [[, one] = ['', { Type: type, Properties: {} } as Resource], ...others] = ofType(type, resources);
  expect(others).toEqual([]);
  return one.Properties;
};

/** What the pack finds and we let stand. */
const acknowledged = /-S1$|IAM4\[|IAM5\[/;

describe.each(Object.keys(make))('%s', (name) => {
  const resources = templateOf(name);
  const how = readFileSync(path('docs/how-to/add-optional-parts.md'), 'utf8');

  it('says on its page why it is there, how it is deployed, and what it costs', () => {
    const section = how.split('\n## ').find((text) => text.split('\n')[0]?.includes(`\`${name}\``)) ?? '';
    expect(section).toContain(`npx cdk deploy ${name} `);
    expect(section).toContain('Cost: ');
  });

  it('keeps what it records in a bucket that is encrypted, versioned, by TLS only, not public, and stays', () => {
    const [[, bucket] = ['', { Type: '', Properties: {} } as Resource], ...others] = ofType(
      'AWS::S3::Bucket',
      resources,
    );
    expect(others).toEqual([]);
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    expect(bucket.Properties).toHaveProperty('BucketEncryption');
    expect(Object.values(bucket.Properties['PublicAccessBlockConfiguration'] as object)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(JSON.stringify(ofType('AWS::S3::BucketPolicy', resources))).toContain('"aws:SecureTransport":"false"');
  });

  it('has nothing that AwsSolutions finds but what is said here', () => {
    const stack = make[name]?.() ?? new Stack();
    const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
    expect(violations.map(({ ruleName }) => ruleName).filter((rule) => !acknowledged.test(rule))).toEqual([]);
  });
});

describe('EscalatorChat', () => {
  const room: Config = { ...shop, topics: { ...shop.topics, room: { sns: 'escalator-room', chat: true } } };
  const made = (config = room, slack = 'T0123456789/C0123456789') =>
    new ChatStack(new App(), 'EscalatorChat', { config, slack });

  it('tells a channel what goes to topics for chat, and what the watchdog says, and lets nobody do anything', () => {
    const resources = Template.fromStack(made()).toJSON()['Resources'] as { [id: string]: Resource };
    const channel = only('AWS::Chatbot::SlackChannelConfiguration', resources);
    expect(channel).toMatchObject({ SlackWorkspaceId: 'T0123456789', SlackChannelId: 'C0123456789' });
    const topics = [...JSON.stringify(channel['SnsTopicArns']).matchAll(/:(escalator-[a-z]+)"/g)].map(
      ([, name]) => name,
    );
    expect(topics).toEqual(['escalator-room', 'escalator-watchdog']);
    expect(JSON.stringify(channel['GuardrailPolicies'])).toContain('policy/AWSDenyAll');
    expect(ofType('AWS::IAM::Policy', resources)).toEqual([]);
    expect(only('AWS::IAM::Role', resources)).not.toHaveProperty('ManagedPolicyArns');
  });

  it('says on its page how it is deployed, and refuses what is no channel, or nothing to tell there', () => {
    expect(readFileSync(path('docs/how-to/add-optional-parts.md'), 'utf8')).toContain('npx cdk deploy EscalatorChat ');
    expect(() => made(room, '#releases')).toThrow('is no channel');
    expect(() => made(shop)).toThrow('no topic is for chat');
  });
});

describe('the optional parts', () => {
  it('make a trail of every Region, of what changes something, that can be verified', () => {
    expect(only('AWS::CloudTrail::Trail', templateOf('EscalatorCloudTrail'))).toMatchObject({
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      EventSelectors: [{ ReadWriteType: 'WriteOnly' }],
    });
  });

  it('make a recorder of what releases are made of, and of nothing else', () => {
    const group = only('AWS::Config::ConfigurationRecorder', templateOf('EscalatorRecorder'))['RecordingGroup'];
    expect(group).toMatchObject({
      AllSupported: false,
      ResourceTypes: expect.toSatisfy((types: string[]) => types.length === 7),
    });
  });

  it('make an archive that another account adds to and reads, and that nobody can shorten', () => {
    const resources = templateOf('EscalatorArchive');
    expect(only('AWS::S3::Bucket', resources)).toMatchObject({
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2555 } } },
    });
    const policy = only('AWS::S3::BucketPolicy', resources)['PolicyDocument'];
    const { Statement: all } = policy as { Statement: Statement[] };
    const allowed = all.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    for (const { Principal } of allowed) expect(JSON.stringify(Principal)).toContain('111122223333');
    expect(all.find((one) => (one as { Sid?: string }).Sid === 'WrittenOnce')).toMatchObject({ Effect: 'Deny' });
  });

  it.each([0, Number.NaN, 1.5])('refuse an archive that is kept for %s days', (days) => {
    expect(() => new ArchiveStack(new App(), 'EscalatorArchive', { of: '111122223333', days })).toThrow(
      expect.objectContaining({ todo: expect.stringContaining('-c days=') as string }),
    );
  });

  it('refuse an archive of what is no account', () => {
    expect(() => new ArchiveStack(new App(), 'EscalatorArchive', { of: 'ours', days: 1 })).toThrow(
      expect.objectContaining({ todo: expect.stringContaining('-c archive-of=') as string }),
    );
  });
});
