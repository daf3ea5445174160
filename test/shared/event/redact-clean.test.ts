import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../../shared/event/fields.ts';
import { readEvent } from '../../../shared/event/read-event.ts';
import { redact, redactEnvelope } from '../../../shared/event/redact.ts';
import { unwrap } from '../../../shared/event/unwrap.ts';
import type { Json, Redaction } from '../../../shared/trail/entry.ts';
import { digest, filesUnder, fixtures } from './harness.ts';

/** Events recorded or published elsewhere, where somebody has put them beside the repository. */
const elsewhere = fileURLToPath(new URL('../../../../shared/events', import.meta.url));

const files = [fixtures, elsewhere].filter((folder) => existsSync(folder)).flatMap(filesUnder);

const messagesIn = (file: string): string[] => {
  const text = readFileSync(file, 'utf8');
  return file.includes('/sequences/') ? (JSON.parse(text) as object[]).map((event) => JSON.stringify(event)) : [text];
};

const events = files
  .filter((file) => /\.(json|txt)$/.test(file))
  .flatMap(messagesIn)
  .map((message) => readEvent(message))
  .flatMap((read) => ('event' in read ? unwrap(read.event) : []));

/** The secrets that the clean events do have, as they were published: who reads them could use them, or could have. */
const trueSecrets: [pointer: RegExp, rule: string][] = [
  [/\/additional-information\/environment\/environment-variables\/\d+\/value$/, 'plaintext-variable'],
  [/\/(?:userIdentity|accessKey)\/accesskeyid$/i, 'field-accesskeyid'],
  [/\/credentials\/(?:accessKeyId|sessionToken|secretAccessKey)$/, 'field-credentials'],
  [/\/artifactCredentials\/(?:accessKeyId|sessionToken|secretAccessKey)$/, 'field-credentials'],
  [/\/approval\/token$/, 'field-token'],
  [/^\/detail\/beside\/resultToken$/, 'field-token'],
  [/^\/detail\/beside\/Token$/, 'field-token'], // whoever has it can confirm a subscription
  [/^\/detail\/event\/credentials\//, 'field-credentials'], // of a pipeline's job, whatever it is called
];

const isTrue = ({ pointer, rule }: Redaction): boolean =>
  trueSecrets.some(([where, name]) => name === rule && where.test(pointer));

const fieldsIn = (value: Json): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + fieldsIn(inner), 0);
  return isObject(value) ? Object.values(value).reduce<number>((sum, inner) => sum + fieldsIn(inner), 0) : 1;
};

const cleaned = (detail: JsonObject) => redact(detail, digest);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const commit = '9c8b7a6f5e4d3c2b1a09f8e7d6c5b4a392817263';

describe('events in which nothing is planted', () => {
  it('lose at most 2 % of their fields that are no secrets, and in fact next to none', () => {
    const fields = events.reduce((sum, event) => sum + fieldsIn(event.detail) + fieldsIn(event.beside), 0);
    const wrong = events.flatMap((event) => redactEnvelope(event, digest).redactions).filter((one) => !isTrue(one));
    expect(fields).toBeGreaterThan(1000);
    expect(wrong.length / fields).toBeLessThanOrEqual(0.02);
    // far below what is allowed, so that a new rule that takes too much is seen at once
    expect(wrong.slice(Math.floor(fields * 0.0005))).toEqual([]);
  });

  it('lose the secrets that they do have', () => {
    const found = events.flatMap((event) => redactEnvelope(event, digest).redactions).filter(isTrue);
    expect(found.length).toBeGreaterThan(9);
  });
});

describe('what only looks like a secret', () => {
  const kept: [what: string, written: string][] = [
    ['a commit', commit],
    ['two commits, one a line', `${commit}\n${commit.split('').toReversed().join('')}`],
    ['a short commit', 'reverts 9c8b7a6'],
    ['a UUID', '6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d'],
    ['an ARN', 'arn:aws:iam::111122223333:role/service-role/AWSCodePipelineServiceRole-eu-west-1-shop'],
    ['an ARN of a secret', 'password=arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf'],
    ['a build id', 'shop:4f7d0000-0000-4000-8000-000000000001'],
    ['an object in S3', 's3://codepipeline-eu-west-1-123456789012/shop/SourceArti/Ab3dE9x'],
    ['a version of an object in S3', 'L4kqtJlcpXroDTDmpUMLUo1Zf9aBcDeF'],
    ['the digest of an image', `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:${'2e4f'.repeat(16)}`],
    ['the tag of an image', 'registry.example.com:5000/shop:v1.2.3-rc.1-9c8b7a6'],
    ['the integrity of a package', `sha512-${base64('x'.repeat(64))}`],
    ['the documented access key', 'AKIAIOSFODNN7EXAMPLE and AKIAI44QH8DHBEXAMPLE'],
    ['the documented secret key', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['the documented secret key, named', 'aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY'],
    ['a harmless text in base64', base64('the quick brown fox jumps over the lazy dog')],
    ['a harmless text of thirty bytes in base64', base64('Deploy shop 42 to Production!!')],
    ['harmless JSON in base64', base64(JSON.stringify({ version: 3, sources: ['app.ts'], note: 'build 42' }))],
    [
      'a harmless script in base64, in lines',
      base64('#!/bin/sh\nset -e\nyum -y update\n'.repeat(4)).replace(/.{76}/g, '$&\n'),
    ],
    ['a public certificate', `-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----`],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tk3C0xd ada@example.com'],
    ['a percent-encoded address', 'https://console.aws.amazon.com/x?redirect=https%3A%2F%2Fexample.com%2Fa%2520b'],
    ['a percent-encoded policy', encodeURIComponent('{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}')],
    ['a sum with signs in it', 'a+b+c and 100% of 50%25'],
    ['an address with a port', 'http://127.0.0.1:4418/shop.git@main'],
    [
      'sentences about secrets',
      'Rotate the token: it expires. Keep the secret: a promise.\nThe password is in the vault.',
    ],
    ['names of variables', 'export PASSWORD=$DB_PASSWORD\nTOKEN=${TOKEN}\nSECRET=$(cat /run/secret)'],
    ['tokens that only turn a page', 'nextToken=eyJ2 ClientRequestToken=6c1f3c0e-52f5-4a9b-8f55-3d6f7a1b2c3d'],
    ['what is masked', 'password=**** token=HIDDEN_DUE_TO_SECURITY_REASONS key AKIAXXXXXXXXXXXXXXXX'],
    [
      'a commit message',
      'Fix the login\n\nThe session was dropped when the\nserver restarted. See SHOP-1234.\n\nReviewed-by: Ada <ada@example.com>\n',
    ],
    ['a name of forty letters', 'TheVeryLongNameOfOneFactoryForEveryClassX'.slice(0, 40)],
    ['paths, one a line', 'src/checkout/PaymentFormHandler2.ts\nsrc/checkout/PaymentFormHandler3.test.ts\n'],
  ];

  it.each(kept)('stays: %s', (_, written) => {
    expect(cleaned({ message: written, list: [written], [written]: 1 }).redactions).toEqual([]);
    expect(cleaned({ message: written }).detail).toEqual({ message: written });
  });

  it.each(kept)('stays in base64 and percent-encoded: %s', (_, written) => {
    expect(cleaned({ once: base64(written), twice: base64(base64(written)) }).redactions).toEqual([]);
    expect(cleaned({ url: encodeURIComponent(written), both: encodeURIComponent(base64(written)) }).redactions).toEqual(
      [],
    );
  });

  it('stays every time, and a secret goes every time, with the place it is at now', () => {
    const said = { key: 'password=hunter2x', state: 'SUCCEEDED' };
    const places = ['/first', '/second', '/third'].map((place) => {
      const { detail, redactions } = redact(said, digest, place);
      expect(detail).toMatchObject({ key: expect.stringContaining('[redacted password'), state: 'SUCCEEDED' });
      return redactions.map(({ pointer }) => pointer);
    });
    expect(places).toEqual([['/first/key'], ['/second/key'], ['/third/key']]);
  });
});
