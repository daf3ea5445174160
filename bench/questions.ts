/**
 * What a question costs in a trail of 1,000, 10,000 and 100,000 entries: `node bench/questions.ts [sizes]`, such as
 * `node bench/questions.ts 1000,10000`. One lane grows, straight into a table in memory and its index; at each size every
 * question is asked for a page of 25, and what DynamoDB says it read (items looked at, ReturnConsumedCapacity) is
 * counted: nothing here depends on the machine. Prints JSON and a table. Exit code 1 where a question about the past got
 * another answer, or read more or fewer items or units, than at the first size.
 */
import { startBetween } from '../test/harness/between.ts';
import { countCapacity } from '../test/harness/capacity.ts';
import { type Cost, costsOf, laneIn, longTrail, newestQuestions, oldQuestions } from '../test/harness/long-trail.ts';
import { startTrailTables } from '../test/harness/trail-table.ts';

const sizes = (process.argv[2] ?? '1000,10000,100000').split(',').map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1_000 || size % 1_000 !== 0))
  throw new Error('sizes are multiples of 1000');

type Measured = { question: string; about: 'the past' | 'the newest'; costs: Cost[] };

const tables = await startTrailTables();
const direct = laneIn(await tables.make());
const { fault, capacity } = countCapacity();
const between = await startBetween(direct.endpoint ?? '', fault);
const environment = { ...direct, endpoint: between.endpoint };
const trail = longTrail(direct);

const measured = new Map<string, Measured>();
const measure = async (about: Measured['about'], questions: { [question: string]: string }): Promise<void> => {
  for (const [question, cost] of Object.entries(await costsOf(environment, capacity, questions))) {
    const known = measured.get(question) ?? { question, about, costs: [] };
    measured.set(question, { ...known, costs: [...known.costs, cost] });
  }
};

const same = ({ about, costs }: Measured): boolean =>
  costs.every(
    ({ items, units, answer }) =>
      items === costs[0]?.items &&
      // what is new has numbers of more digits: its bytes may fill one unit more
      (about === 'the past'
        ? units === costs[0].units && answer === costs[0].answer
        : Math.abs(units - costs[0].units) <= 1),
  );

try {
  for (const size of sizes) {
    await trail.growTo(size);
    await measure('the past', oldQuestions);
    await measure('the newest', newestQuestions(size, trail.newest()));
  }
} finally {
  between.close();
  tables.close();
}

const all = [...measured.values()];
const rows = all.map((one) => ({
  question: one.question,
  about: one.about,
  items: one.costs.map(({ items }) => items),
  units: one.costs.map(({ units }) => units),
  same: same(one),
}));
console.log(JSON.stringify({ sizes, questions: rows, node: process.version }, null, 2));
console.log(`| question, a page of 25 | items read at ${sizes.join(', ')} | read units | same |`);
console.log('| --- | --- | --- | --- |');
for (const { question, items, units, same: equal } of rows)
  console.log(`| ${question} | ${items.join(', ')} | ${units.join(', ')} | ${equal ? 'yes' : 'NO'} |`);
if (!all.every(same)) process.exitCode = 1;
