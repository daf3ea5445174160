import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../../shared/trail/canonical.ts';
import { kinds } from '../../../shared/event/kinds.ts';
import { readStackLines } from '../../../shared/event/stack-lines.ts';
import { bodyOf, groupsOf } from './harness.ts';

const anyJson = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });

const job = (data: object, over: object = {}): object => ({
  'CodePipeline.job': { id: 'job-1', accountId: '111122223333', data, ...over },
});

/** Payloads as the services send them, with anything in the place of a field. */
const payloads = fc.oneof(
  fc.record(
    {
      eventSource: fc.constant('aws:codecommit'),
      eventSourceARN: fc.oneof(anyJson, fc.constant('arn:aws:codecommit:eu-west-1:111122223333:shop')),
      codecommit: fc.oneof(anyJson, fc.record({ references: fc.array(anyJson) })),
      eventTime: anyJson,
      eventName: anyJson,
    },
    { requiredKeys: ['eventSource'] },
  ),
  fc
    .tuple(fc.dictionary(fc.string(), anyJson), fc.dictionary(fc.string(), anyJson))
    .map(([data, over]) => job(data, over)),
  fc.record({ DeploymentId: anyJson, LifecycleEventHookExecutionId: anyJson }),
  fc.record({
    deploymentId: fc.constant('d-1'),
    eventTriggerName: fc.constant('failed'),
    status: fc.oneof(anyJson, fc.constant('Failed')),
    errorInformation: anyJson,
    lifecycleEvents: anyJson,
    completeTime: anyJson,
  }),
  fc.record({
    'CloudFormation.lines': fc.dictionary(fc.constantFrom('StackId', 'ResourceStatus', 'Timestamp'), anyJson),
  }),
);

describe('a payload that is sent past EventBridge', () => {
  it('goes on record whatever is in it', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const groups = groupsOf(payload);
        expect(groups.length).toBeGreaterThan(0);
        for (const { entries } of groups) expect(kinds).toHaveProperty([entries[0]?.kind ?? '']);
        canonical(groups);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a job of a pipeline', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((key) => !/^(id|accountId|data|action|pipeline|input|output)/.test(key));
  const secret = fc.uuid();

  it('keeps no value that is not known to be harmless, wherever it stands and whatever it is called', () => {
    fc.assert(
      fc.property(name, secret, fc.boolean(), (key, value, inData) => {
        const config = { actionConfiguration: { configuration: { FunctionName: 'shop' } } };
        const planted = { [key]: { deeper: [value] } };
        const said = groupsOf(inData ? job({ ...config, ...planted }) : job(config, planted));
        expect(said[0]?.entries[0]?.kind).toBe('job.requested');
        expect(JSON.stringify(said)).not.toContain(value);
      }),
    );
  });
});

describe('lines of a stack', () => {
  const names = ['StackId', 'Timestamp', 'LogicalResourceId', 'ResourceStatus', 'ResourceStatusReason'];
  const value = fc.string({ unit: fc.constantFrom('a', "'", '=', '\n', ' ', '"'), maxLength: 12 });
  const written = (values: string[]): string => names.map((field, n) => `${field}='${values[n]}'\n`).join('');

  it('give back what was written, quotes and lines in it too', () => {
    fc.assert(
      fc.property(fc.tuple(value, value, value, value, value), (values) => {
        const read = readStackLines(written(values))?.['CloudFormation.lines'];
        expect(read).toEqual(Object.fromEntries(names.map((field, n) => [field, values[n]])));
      }),
    );
  });

  it('are read in one pass, however they look like the beginning of one', () => {
    const hostile = `${bodyOf('cloudformation/lines-stack.txt').trimEnd().slice(0, -1)}${"'\nA".repeat(200_000)}'`;
    expect(readStackLines(hostile)).not.toBeNull();
  });
});
