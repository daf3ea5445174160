/**
 * What Escalator costs on AWS (M9): `node bench/cost.ts [events]`. The functions are run as AWS would call them, against
 * the endpoints of this machine behind a meter; what they asked for, computed and logged is multiplied with the list
 * prices in `cost/prices.json`. Exits 1 where a goal is missed. How it is counted: docs/explanation/cost.md
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../functions/support/environment.ts';
import { chained, workflow } from './cost/beside.ts';
import { add, bill, type Line, readPrices, times, total, type Usage } from './cost/bill.ts';
import { idleMonth, lived } from './cost/idle.ts';
import type { Reading } from './cost/meter.ts';
import { bulk, type Flow, recordEvents, storedAnEntry, trickle } from './cost/record.ts';
import { resourcesOf, scheduled, standingCosts } from './cost/stack.ts';

const events = Number(process.argv[2] ?? 20_000);
const idleMinutes = 30;
const million = 1_000_000;
const goals = { bulk: 2.5, trickle: 12, idle: 15 };

const prices = readPrices();
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const configFile = here('../examples/shop/escalator.yaml');

/** Endpoints of their own for each question, so that none counts what another left. */
const withEndpoint = async <T>(
  work: (environment: Environment, read: () => Promise<Reading>) => Promise<T>,
): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'escalator-cost-'));
  const child = fork(here('cost/endpoint-process.ts'), [join(dir, 'data'), configFile], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [environment] = (await once(child, 'message')) as [Environment];
  const read = async (): Promise<Reading> => {
    const heard = once(child, 'message') as Promise<[Reading]>;
    child.send('read');
    return (await heard)[0];
  };
  try {
    return await work(environment, read);
  } finally {
    child.disconnect();
    await once(child, 'exit');
    rmSync(dir, { recursive: true, force: true });
  }
};

type Recorded = { lines: Line[]; bytesAnEntry: number };

const recording = (flow: Flow, count: number): Promise<Recorded> =>
  withEndpoint(async (environment, read) => {
    await recordEvents(environment, read, flow, flow.batch, 0); // makes what later ones find
    const usage = await recordEvents(environment, read, flow, count, flow.batch);
    const lines = bill(prices, times(usage, million / count));
    return { lines, bytesAnEntry: await storedAnEntry(environment) };
  });

/** What it costs each month from then on that they are kept. */
const kept = ({ bytesAnEntry }: Recorded): string => {
  const [line] = bill(prices, { 'dynamodb.stored': (bytesAnEntry * million) / 1_000_000_000 });
  return `They take ${line?.count.toFixed(2)} GB in the table, from then on ${line?.usd.toFixed(2)} USD a month.\n`;
};

const idle = async (): Promise<Line[]> => {
  const resources = resourcesOf(configFile);
  if (!isDeepStrictEqual(scheduled(resources), lived))
    throw new Error(
      `schedules call ${JSON.stringify(scheduled(resources))}, lived through is ${JSON.stringify(lived)}`,
    );
  const month = await withEndpoint((environment, read) => idleMonth(environment, read, idleMinutes));
  return bill(prices, add(month, standingCosts(resources)));
};

const beside = (usage: Usage): Line[] => bill(prices, times(usage, million / events));

const table = (title: string, lines: Line[]): string =>
  [
    `| ${title} | count | USD |`,
    '| --- | ---: | ---: |',
    ...lines.filter(({ usd }) => usd > 0).map(({ of, count, usd }) => `| ${of} | ${said(count)} | ${usd.toFixed(2)} |`),
    `| **all** | | **${total(lines).toFixed(2)}** |`,
    '',
    '',
  ].join('\n');

const said = (count: number): string => count.toLocaleString('en-US', { maximumFractionDigits: count < 100 ? 2 : 0 });

const inBulk = await recording(bulk, events);
const oneByOne = await recording(trickle, Math.min(events, 2_000));
const found = { bulk: inBulk.lines, trickle: oneByOne.lines, idle: await idle() };
console.log(`List prices of ${prices.asOf}, ${prices.region}, without a free tier.\n`);
console.log(table('a million events in bulk (1,000 a second)', found.bulk) + kept(inBulk));
console.log(table('a million events at a trickle (1 a second)', found.trickle) + kept(oneByOne));
console.log(table('an idle installation, a month', found.idle));
console.log(table('beside: chained by a transaction each, a million events', beside(chained(events))));
console.log(table('beside: a Standard workflow each, a million events', beside(workflow(events))));
for (const [name, goal] of Object.entries(goals)) {
  const usd = total(found[name as keyof typeof found]);
  console.log(
    `${name.padEnd(8)} ${usd.toFixed(2).padStart(6)} USD, goal at most ${goal.toFixed(2)}${usd > goal ? ': MISSED' : ''}`,
  );
  if (usd > goal) process.exitCode = 1;
}
