import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { metricLine, metrics, namespace } from '../../../shared/watch/metrics.ts';

it('docs/reference/metrics.md is what the code says (vitest -u writes it)', async () => {
  const rows = Object.entries(metrics).map(
    ([name, { unit, dimensions, says }]) => `| ${name} | ${unit} | ${dimensions.join(', ') || '-'} | ${says} |`,
  );
  const page = `# Metrics

What Escalator tells CloudWatch of itself, in the namespace \`${namespace}\`. The values stand in the functions' logs, where
CloudWatch finds them (embedded metric format); nothing is called for them. What Lambda, SQS and DynamoDB count
themselves is not counted again. A metric is billed for each value of its dimensions in the hours in which it has data:
an idle installation has those of the canary. Made from \`shared/watch/metrics.ts\`.

| metric | unit | by | what it is |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot(fileURLToPath(new URL('../../../docs/reference/metrics.md', import.meta.url)));
});

it('metrics of one line have the same dimensions, and each its own unit', () => {
  const now = '2026-11-21T04:05:00.000Z';
  expect(metricLine<'CanaryAge' | 'FoundLate'>(now, { CanaryAge: 10, FoundLate: 12 }, {})).toEqual({
    _aws: {
      Timestamp: Date.parse(now),
      CloudWatchMetrics: [
        {
          Namespace: 'Escalator',
          Dimensions: [[]],
          Metrics: [
            { Name: 'CanaryAge', Unit: 'Seconds' },
            { Name: 'FoundLate', Unit: 'Count' },
          ],
        },
      ],
    },
    CanaryAge: 10,
    FoundLate: 12,
  });
});
