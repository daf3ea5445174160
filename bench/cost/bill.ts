import { readFileSync } from 'node:fs';

/** What is paid for, by its name in `prices.json`, and how much of it was used. */
export type Usage = { [item: string]: number };

export type Price = { usd: number; per: number; of: string; source: string };
export type Prices = { asOf: string; region: string; prices: { [item: string]: Price } };

/** One line of a bill. */
export type Line = { item: string; of: string; count: number; usd: number };

export const readPrices = (): Prices =>
  JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')) as Prices;

export const add = (...usages: Usage[]): Usage => {
  const sum: Usage = {};
  for (const usage of usages) for (const [item, count] of Object.entries(usage)) sum[item] = (sum[item] ?? 0) + count;
  return sum;
};

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(Object.entries(usage).map(([item, count]) => [item, count * factor]));

/** What it costs, the dearest first. Throws where something that was used has no price: nothing is for free by oversight. */
export const bill = ({ prices }: Prices, usage: Usage): Line[] =>
  Object.entries(usage)
    .map(([item, count]): Line => {
      const price = prices[item];
      if (price === undefined) throw new Error(`${item} has no price`);
      return { item, of: price.of, count, usd: (count / price.per) * price.usd };
    })
    .toSorted((a, b) => b.usd - a.usd);

export const total = (lines: Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

/** How many requests SQS, SNS and EventBridge bill for so many bytes: one for each 64 KB begun. */
export const chunks = (bytes: number): number => Math.max(1, Math.ceil(bytes / 65_536));
