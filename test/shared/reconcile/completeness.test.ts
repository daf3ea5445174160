import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { branchesAtMost } from '../../../functions/support/branches.ts';
import { executionsAtOnce } from '../../../functions/support/pipeline-history.ts';
import { knownSources } from '../../../shared/event/normalise.ts';
import { completeness, everyMinutes, graceMinutes } from '../../../shared/reconcile/completeness.ts';
import { type Target, targetsOf } from '../../../shared/reconcile/targets.ts';
import { configOf } from '../../harness/reconciling.ts';
import { level, shop } from '../../harness/ladder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const support = readdirSync(`${root}/functions/support`)
  .map((file) => readFileSync(`${root}/functions/support/${file}`, 'utf8'))
  .join('\n');

it('docs/reference/completeness.md is what the code says (vitest -u writes it)', async () => {
  const rows = completeness.map(({ source, facts, events, is, read, says }) => {
    const how =
      read === null
        ? ''
        : ` By ${read.by.map((call) => `\`${call}\``).join(', ')}; back to the beginning: ${read.back}.`;
    return `| \`${source}\` | ${facts} | ${events} | **${is}** | ${says}${how} |`;
  });
  const page = `# How complete the record is

What happens is told by events, and of most services AWS promises no event: one may be lost. So the reconciler asks the services
that the configuration names every ${everyMinutes} minutes, at home and, in the role that an environment elsewhere
[lends](../how-to/reach-other-accounts.md), there. What happened more than ${graceMinutes} minutes ago and is not on record is put there with the key that
its event would have had, and marked: \`late\` where Escalator was there to be told, \`backfilled\` where it happened before the first
entry of the trail. So a fact is on record once, by whichever way it comes first. On the first start everything that the services
still keep is read, the newest first, a part in each run; how far that has come is kept between runs.

- **proven**: what is missing is noticed by what is there, and is a gap on record (\`gap.found\`), of which people are told.
- **re-read**: the service is asked; what no event told is on record ${everyMinutes + graceMinutes} minutes after it happened, and a run's time.
- **not provable**: only events tell, and nothing shows that one is missing.

Nothing is begun because of an entry that is marked: a release that is found takes its place among the others, what was told
to a check by a pattern is doubt, and alarms are read at their source each minute anyway ([decision](../decisions/README.md)).
Made from \`shared/reconcile/completeness.ts\`.

| Source | What | AWS delivers events | It is | How |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot(`${root}/docs/reference/completeness.md`);
});

describe('what is said of completeness', () => {
  it('is said of every source that is understood, and of CloudTrail', () => {
    expect(new Set(completeness.map(({ source }) => source))).toEqual(new Set([...knownSources, 'aws.cloudtrail']));
  });

  it('is that something is read where the reconciler reads it, and by calls that are made', () => {
    const stop = level('stop', { do: { type: 'stop-deployment', application: 'shop', group: 'blue' } });
    const config = { ...configOf(), services: [shop({ levels: [stop], stacks: ['shop'] })] };
    const read = completeness.flatMap((one) => one.read ?? []);
    expect(new Set(read.map(({ of }) => of))).toEqual(new Set(targetsOf(config.services).map(({ of }: Target) => of)));
    for (const call of read.flatMap(({ by }) => by)) expect(support).toContain(`new ${call}Command(`);
  });

  it('is how much is looked at', () => {
    const said = (source: string) => completeness.find((one) => one.source === source)?.says;
    expect(said('aws.codepipeline')).toContain(`The newest ${executionsAtOnce} executions`);
    expect(said('aws.codecommit')).toContain(`the first ${branchesAtMost} branches`);
  });

  it('is that a gap is noticed only where something would notice it', () => {
    const proven = completeness.filter(({ is }) => is === 'proven').map(({ source }) => source);
    expect(proven).toEqual(['aws.cloudwatch', 'escalator.canary']);
  });
});
