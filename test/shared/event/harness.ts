import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Draft, Group, Json } from '../../../shared/trail/entry.ts';
import type { Context } from '../../../shared/event/fact.ts';
import { factsIn } from '../../../shared/event/facts-in.ts';
import { type Locate, nowhere } from '../../../shared/event/locate.ts';

export const fixtures = fileURLToPath(new URL('../../fixtures/events', import.meta.url));

/** The keyed digest of the tests; the key is not a secret here. */
export const digest = (text: string): string => createHmac('sha256', 'a key for tests').update(text).digest('hex');

export const context: Omit<Context, 'raw'> = {
  account: '999988887777',
  region: 'us-east-1',
  locate: nowhere,
  digest,
  identitiesVerified: true,
};

/** `shop` is delivered to production; so are its pipeline, repository, alarm and group. */
const shop = { environment: 'production', service: 'shop' };
export const locate: Locate = {
  pipeline: (name) => (name === 'shop' ? shop : null),
  alarm: (name) => (name === 'shop-smoke' ? shop : null),
  repository: (name) => (name === 'shop' ? shop : null),
  stack: (name) => (name === 'shop' ? shop : null),
  group: (name) => (name === 'shop-asg' ? shop : null),
};

export const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .toSorted();

export const nameOf = (file: string, folder = fixtures): string => relative(folder, file);

export const bodyOf = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

export type TestEvent = { [key: string]: Json } & { detail: { [key: string]: Json } };

/** A fixture as an object, to be changed by a test. */
export const eventOf = (name: string): TestEvent => JSON.parse(bodyOf(name)) as TestEvent;

export const groupsOf = (body: string | object, over: Partial<Context> = {}): Group[] =>
  factsIn(typeof body === 'string' ? body : JSON.stringify(body), { ...context, ...over }).groups;

/** The one fact in a message, and its key. */
export const factOf = (body: string | object, over: Partial<Context> = {}): Draft & { key: string } => {
  const [group, ...more] = groupsOf(body, over);
  const [draft] = group?.entries ?? [];
  if (group === undefined || draft === undefined || more.length > 0) throw new Error('there is not exactly one fact');
  return { ...draft, key: group.key };
};

export const fixture = (name: string, over: Partial<Context> = {}): Draft & { key: string } =>
  factOf(bodyOf(name), over);
