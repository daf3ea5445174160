import { compilePattern, matches } from '../shared/pattern/pattern.ts';
import { indexPatterns } from '../shared/pattern/rules.ts';

/**
 * How fast one event finds its rules, beside JSON.parse of the same events: `node bench/match.ts`. The events are made
 * of a seed, about 760 bytes each, of the kinds that delivery on AWS has; the rules are of eight kinds. Nothing is
 * asserted; that index and plain loop agree is said at the end of each row.
 */
const seed = 20260701;
const events = 20_000;
const rounds = 5;

const random = (() => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
})();
const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;

const states = ['STARTED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'STOPPED', 'SUPERSEDED'];
const kinds = [
  ['aws.codepipeline', 'CodePipeline Pipeline Execution State Change'],
  ['aws.codepipeline', 'CodePipeline Stage Execution State Change'],
  ['aws.codepipeline', 'CodePipeline Action Execution State Change'],
  ['aws.codecommit', 'CodeCommit Repository State Change'],
  ['aws.cloudwatch', 'CloudWatch Alarm State Change'],
  ['aws.signin', 'AWS API Call via CloudTrail'],
] as const;

const eventAt = (at: number): object => {
  const [source, detailType] = pick(kinds);
  const name = `service-${random(2000)}`;
  return {
    version: '0',
    id: `b6c0ffee-0000-4000-8000-${String(at).padStart(12, '0')}`,
    'detail-type': detailType,
    source,
    account: '123456789012',
    time: '2026-11-21T04:05:06Z',
    region: pick(['us-east-1', 'eu-west-1']),
    resources: [`arn:${source.replace('.', ':')}:us-east-1:123456789012:${name}`],
    detail: {
      pipeline: name,
      'execution-id': `01234567-0123-0123-0123-${String(random(1e9)).padStart(12, '0')}`,
      stage: pick(['Source', 'Build', 'Test', 'Deploy']),
      action: `action-${random(50)}`,
      state: pick(states),
      region: 'us-east-1',
      type: {
        owner: 'AWS',
        provider: pick(['CodeBuild', 'CodeDeploy', 'S3', 'ECS']),
        category: 'Deploy',
        version: '1',
      },
      alarmName: `${name}-smoke`,
      reference: { name: `main-${random(20)}`, type: 'branch', fullName: 'refs/heads/main' },
      userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::123456789012:assumed-role/deploy/${name}` },
      attempt: random(5),
    },
  };
};

const ruleAt = (at: number): object => {
  const [source, detailType] = pick(kinds);
  const name = `service-${random(2000)}`;
  const rules = [
    { source: [source], detail: { pipeline: [name] } },
    { source: [source], 'detail-type': [detailType], detail: { state: [pick(states)], alarmName: [`${name}-smoke`] } },
    { source: [source], detail: { pipeline: [{ prefix: name }], state: ['FAILED'] } },
    { detail: { pipeline: [name], state: [{ 'anything-but': ['SUCCEEDED', 'STARTED'] }] } },
    { 'detail-type': [detailType], detail: { alarmName: [{ wildcard: `${name}*smoke` }] } },
    { source: [source], detail: { pipeline: [name], approval: [{ exists: false }], stage: ['Deploy'] } },
    { source: [source], resources: [{ suffix: `:${name}` }] },
    {
      $or: [
        { detail: { pipeline: [name], attempt: [{ numeric: ['>', 2] }] } },
        { detail: { reference: { name: [name] } } },
      ],
    },
  ];
  return rules[at % rules.length] as object;
};

const msOf = (run: () => void): number => {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const texts = Array.from({ length: events }, (_, at) => JSON.stringify(eventAt(at)));
const bytes = Math.round(texts.reduce((sum, text) => sum + text.length, 0) / events);
console.log(`${events} events of ${bytes} bytes, median of ${rounds} rounds; seed ${seed}`);
console.log('| rules | build (ms) | JSON.parse (events/s) | parsed and matched | ratio | hits | as the plain loop |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');

const measure = (count: number): void => {
  const patterns = Array.from({ length: count }, (_, at) => ruleAt(at));
  let find: (event: unknown) => number[] = () => [];
  const build = median(
    Array.from({ length: rounds }, () => msOf(() => void (find = indexPatterns(patterns.map(compilePattern))))),
  );
  let hits = 0;
  const look = (): void => {
    hits = 0;
    for (const text of texts) hits += find(JSON.parse(text)).length;
  };
  look();
  const pairs = Array.from({ length: rounds }, () => ({
    parse: msOf(() => texts.forEach((text) => JSON.parse(text) as unknown)),
    both: msOf(look),
  }));
  const [parse, both] = [median(pairs.map((pair) => pair.parse)), median(pairs.map((pair) => pair.both))];
  const ratio = median(pairs.map((pair) => pair.parse / pair.both));
  const rate = (ms: number): string => Math.round((events / ms) * 1000).toLocaleString('en');
  const agreed = agrees(patterns, find) ? 'yes' : 'NO';
  console.log(
    `| ${count.toLocaleString('en')} | ${build.toFixed(0)} | ${rate(parse)} | ${rate(both)} | ${ratio.toFixed(2)} | ${hits.toLocaleString('en')} | ${agreed} |`,
  );
};

/** On a sample: the plain loop over thousands of rules would take minutes for all. */
const agrees = (patterns: object[], find: (event: unknown) => number[]): boolean => {
  const matchers = patterns.map(compilePattern);
  return texts.slice(0, 200).every((text) => {
    const event: unknown = JSON.parse(text);
    const plain = matchers.flatMap((matcher, number) => (matches(matcher, event) ? [number] : []));
    return JSON.stringify(plain) === JSON.stringify(find(event).toSorted((a, b) => a - b));
  });
};

for (const count of [10, 100, 1000, 8000]) measure(count);
