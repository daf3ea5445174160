import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish, newPopulation, populationOf, take } from '../../../shared/population/population.ts';
import { changesCsv, exceptionsCsv } from '../../../shared/population/tables.ts';
import type { Draft, TrailRecord } from '../../../shared/trail/entry.ts';
import { draftOf } from '../../harness/drafts.ts';
import * as given from './given.ts';
import { rowsOf } from './read-csv.ts';

const { sha, user, session } = given;

const tablesOf = (records: TrailRecord[]) => {
  const { changes, exceptions, totals } = populationOf(records);
  return {
    changes: rowsOf(changesCsv(changes, totals)),
    exceptions: rowsOf(exceptionsCsv(exceptions, totals)),
    totals,
  };
};

/** The totals of a table, by what they are of. */
const totalsOf = (rows: { [column: string]: string }[]) =>
  Object.fromEntries(
    rows.flatMap(({ row = '', count }) =>
      row.startsWith('total: ') ? [[row.slice('total: '.length), Number(count)]] : [],
    ),
  );

const released = [
  given.pushed(1, user('mia'), sha('a'), null),
  given.described(sha('a'), [], { author: { name: '=cmd|calc', email: null }, message: '@SUM\u202e SHOP-1' }),
  given.reached(2, { release: '1', commit: sha('a') }),
];

describe('the tables', () => {
  it('have a row for each release and each exception, and totals at the end, every row as long as the header', () => {
    const { changes, exceptions } = tablesOf(given.recorded(...released));
    expect(changes[0]).toMatchObject({
      row: 'change',
      count: '1',
      environment: 'production',
      release: 'production/shop@1',
      pusher: user('mia'),
      lead_time_seconds: '60',
      by_rollback: 'no',
      rolled_back_at: '',
      entries: '0 1 2',
    });
    expect(totalsOf(changes)).toEqual({
      changes: 1,
      'outcome running': 1,
      'outcome replaced': 0,
      'outcome redeployed': 0,
      'outcome rolled-back': 0,
      'by rollback or redeploy': 0,
      'entries read': 3,
      'first entry (seq)': 0,
      'last entry (seq)': 2,
    });
    expect(exceptions.map(({ row, exception }) => [row, exception]).slice(0, 3)).toEqual([
      ['exception', 'direct-push'],
      ['exception', 'no-pull-request'],
      ['total: exceptions', ''],
    ]);
    expect(totalsOf(exceptions)).toMatchObject({ exceptions: 2, 'exception direct-push': 1, 'exception rollback': 0 });
  });

  it('hold what a commit says as text, whatever it says', () =>
    expect(tablesOf(given.recorded(...released)).changes[0]).toMatchObject({
      author_claimed: "'=cmd|calc",
      tickets: 'SHOP-1',
    }));

  it('of nothing are a header and totals of nothing', () => {
    const { changes, exceptions, totals } = tablesOf([]);
    expect(totals.entries).toEqual({ count: 0, first: null, last: null });
    expect(totalsOf(changes)).toMatchObject({ changes: 0, 'entries read': 0 });
    expect(totalsOf(exceptions)).toMatchObject({ exceptions: 0 });
  });

  it('tell of entries that lack everything', () => {
    const kinds = ['release.reached', 'release.quarantined', 'step.intended', 'step.started', 'commit.described'];
    const aws = [
      'reference.updated',
      'pull-request.merged',
      'action.succeeded',
      'pipeline.started',
      'build.failed',
      'call',
    ];
    const source = (name: string): Draft['source'] => ({
      name,
      account: given.account,
      region: 'r',
      id: null,
      digest: null,
    });
    const bare = [
      ...kinds.map((kind) => draftOf({ kind, source: source('escalator') })),
      ...aws.flatMap((kind) =>
        ['aws.codecommit', 'aws.codepipeline', 'aws.codebuild'].map((name) => draftOf({ kind, source: source(name) })),
      ),
    ];
    expect(tablesOf(given.recorded(...bare)).changes[0]).toMatchObject({ row: 'change', release: '', commit: '' });
  });

  it('take entries one by one, so that they need not all be at hand', () => {
    const records = given.recorded(...released);
    const population = newPopulation();
    for (const record of records) take(population, record);
    expect(finish(population)).toEqual(populationOf(records));
  });
});

/** Anything that happens in a small team with few commits, in any order. */
const happening: fc.Arbitrary<Draft | Draft[]> = fc
  .record({
    minute: fc.nat(50),
    commit: fc.constantFrom('a', 'b', 'c').map(sha),
    other: fc.constantFrom('a', 'b', 'c').map(sha),
    who: fc.constantFrom(user('mia'), user('eve'), session('ada')),
    id: fc.constantFrom('1', '2', '3', '4'),
    environment: fc.constantFrom('production', 'staging'),
    what: fc.nat(13),
  })
  .map(({ minute, commit, other, who, id, environment, what }) => {
    const all: (() => Draft | Draft[])[] = [
      () => given.pushed(minute, who, commit, other),
      () => given.pushed(minute, who, commit, null, 'tax'),
      () => given.deleted(minute, who, commit),
      () => given.described(commit, [other]),
      () => given.approved(minute, who, { sourceCommit: commit }),
      () => given.merged(minute, who, { sourceCommit: commit }),
      () => given.started(minute, id),
      () => given.action(minute, id, 'Ask', 'SUCCEEDED', 'Approval'),
      () => given.putApproval(minute, who),
      () => given.called(minute, who, 'ecs', 'UpdateService'),
      () => given.reached(minute, { release: id, commit, environment }),
      () => given.reached(minute, { release: id, commit, environment, rebuiltFrom: '1' }),
      () => given.quarantined(minute, `production/shop@${id}`, commit, 'it fails'),
      () => given.intended(minute, `production/shop#${id}.1`, id, who === user('eve') ? null : 'it fails'),
    ];
    return all[what]?.() ?? [];
  });

describe('the totals', () => {
  it('reconcile with the entries and with the rows, whatever happened', () =>
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (drafts) => {
        const records = given.recorded(...drafts);
        const { changes, exceptions, totals } = tablesOf(records);
        const [rows, found] = [changes, exceptions].map((table) =>
          table.filter(({ count, row }) => count === '1' && !row?.startsWith('total')),
        );
        const ofKind = (kind: string): number => records.filter((record) => record.kind === kind).length;
        const sum = (counts: { [name: string]: number }): number => Object.values(counts).reduce((a, b) => a + b, 0);

        expect(totals.entries).toEqual({
          count: records.length,
          first: records[0]?.seq ?? null,
          last: records.at(-1)?.seq ?? null,
        });
        expect([rows?.length, totals.releases, sum(totals.outcomes)]).toEqual(Array(3).fill(ofKind('release.reached')));
        expect(sum(totals.exceptions)).toBe(found?.length);
        expect(totals.exceptions.quarantine).toBe(ofKind('release.quarantined'));
        expect(totals.exceptions['outside-pipeline']).toBe(
          records.filter(({ detail }) => detail['call'] === 'UpdateService').length,
        );
        for (const [kind, count] of Object.entries(totals.exceptions))
          expect(found?.filter(({ exception }) => exception === kind)).toHaveLength(count);
        for (const [outcome, count] of Object.entries(totals.outcomes))
          expect(rows?.filter((row) => row['outcome'] === outcome)).toHaveLength(count);
        for (const { entries = '' } of [...(rows ?? []), ...(found ?? [])])
          expect(entries.split(' ').every((seq) => records[Number(seq)]?.seq === Number(seq))).toBe(true);
      }),
      { numRuns: 300 },
    ));
});
