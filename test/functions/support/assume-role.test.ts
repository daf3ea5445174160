import { CodePipelineClient, GetPipelineStateCommand } from '@aws-sdk/client-codepipeline';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { atEachPlace } from '../../../functions/support/assume-role.ts';
import { type Environment, environmentFrom } from '../../../functions/support/environment.ts';
import { createReads } from '../../../functions/support/reads.ts';
import type { Config, LadderConfig } from '../../../shared/config/config.ts';
import { shop } from '../../harness/ladder.ts';

type Call = { action: string | null; body: URLSearchParams; key: string; region: string; token: string | undefined };

const there = { ...shop(), environment: 'production', ladder: 'production/shop' };
const production: LadderConfig = { ...there, elsewhere: { account: '444455556666', region: 'eu-west-1' } };
const staging: LadderConfig = { ...shop(), environment: 'staging', ladder: 'staging/shop' };
const config = {
  digest: 'd',
  text: '',
  environments: [],
  services: [production, staging],
  routes: [],
  topics: {},
} as Config;

const lent = (at: number): string => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult><Credentials><AccessKeyId>ASIALENT</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
  <SessionToken>t-1</SessionToken><Expiration>${new Date(at + 3_600_000).toISOString()}</Expiration></Credentials>
  </AssumeRoleResult></AssumeRoleResponse>`;
const denied = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
  <Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`;

describe('in another account', () => {
  let server: Server;
  let environment: Environment;
  let calls: Call[];
  let isOpen = true;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const body = new URLSearchParams(text.startsWith('{') ? '' : text);
        const [, key = '', region = ''] =
          /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? '') ?? [];
        const token = request.headers['x-amz-security-token'] as string | undefined;
        calls.push({ action: body.get('Action'), body, key, region, token });
        const isSts = body.get('Action') !== null;
        response.writeHead(isSts && !isOpen ? 403 : 200, {
          'content-type': isSts ? 'text/xml' : 'application/x-amz-json-1.1',
        });
        response.end(isSts ? (isOpen ? lent(Date.now()) : denied) : '{"pipelineName":"shop","stageStates":[]}');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    environment = { ...environmentFrom({}), account: '111122223333', region: 'eu-central-1', endpoint };
  });
  afterAll(() => void server.close());
  beforeEach(() => void ([calls, isOpen] = [[], true]));

  it('ladders are read in the role that is lent for looking, in their Region, taken once', async () => {
    const reads = createReads(environment, config).of?.(production);
    await reads?.execution('shop', 'e-1');
    await reads?.execution('shop', 'e-2');
    expect(calls.map(({ action, key, region, token }) => [action, key, region, token])).toEqual([
      ['AssumeRole', 'local', 'eu-central-1', undefined],
      [null, 'ASIALENT', 'eu-west-1', 't-1'],
      [null, 'ASIALENT', 'eu-west-1', 't-1'],
    ]);
    const [{ body } = { body: new URLSearchParams() }] = calls;
    expect(Object.fromEntries(body)).toMatchObject({
      RoleArn: 'arn:aws:iam::444455556666:role/escalator-production-read',
      ExternalId: 'escalator/111122223333/eu-central-1/production',
      RoleSessionName: 'escalator',
    });
  });

  it('hands act in the role that is lent for acting', async () => {
    const { of } = atEachPlace(environment, config, 'act', (client) => new CodePipelineClient(client));
    await of(production).send(new GetPipelineStateCommand({ name: 'shop' }));
    expect(calls[0]?.body.get('RoleArn')).toBe('arn:aws:iam::444455556666:role/escalator-production-act');
  });

  it('is not where other ladders are: those take no role', async () => {
    await createReads(environment, config).of?.(staging).execution('shop', 'e-1');
    expect(calls.map(({ action, key, region }) => [action, key, region])).toEqual([[null, 'local', 'eu-central-1']]);
  });

  it('what nobody lets us see is not known, and so no pass', async () => {
    isOpen = false;
    const reads = createReads(environment, config).of?.(production);
    expect(await reads?.alarms(['shop-smoke'], new Map())).toBeNull();
    await expect(reads?.execution('shop', 'e-1')).rejects.toThrow('sts:AssumeRole');
    expect(calls.filter(({ key }) => key === 'ASIALENT')).toEqual([]);
  });

  it('the kill switch is the one at home', async () => {
    await createReads(environment, config)
      .of?.(production)
      .killSwitch()
      .catch(() => null);
    expect(calls.map(({ action, key, region }) => [action, key, region])).toEqual([[null, 'local', 'eu-central-1']]);
  });
});
