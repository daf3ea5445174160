import type { DatabaseSync } from 'node:sqlite';
import type { Attributes } from './filter-policy.ts';

export type Topic = { arn: string; name: string; attributes: { [name: string]: string } };

export type Subscription = {
  arn: string;
  topic: string;
  protocol: string;
  endpoint: string;
  attributes: { [name: string]: string };
  confirmed: boolean;
  /** what only its endpoint was told; it confirms */
  token: string;
  at: string;
};

/** What was published, in the form of each protocol that has one of its own; `default` for the others. */
export type Message = {
  id: string;
  topic: string;
  subject: string | null;
  forms: { [protocol: string]: string };
  attributes: Attributes;
  at: string;
};

/** One message on its way to one subscriber; `message` is null for what asks whether it wants any. */
export type Delivery = {
  id: number;
  message: string | null;
  subscription: string;
  protocol: string;
  endpoint: string;
  /** failed so far */
  tries: number;
  /** when it is tried next (epoch ms) */
  due: number;
  /** `pending`, `delivered`, `failed`: given up, `gone`: nobody subscribes there any more */
  state: 'pending' | 'delivered' | 'failed' | 'gone';
  /** why the last try failed */
  error: string | null;
  at: string;
};

/** What has been delivered is kept so long: the newest messages, for whoever looks into the inbox. */
const messagesKept = 500;
const forgottenAtOnce = 50;

const schema = `
  CREATE TABLE IF NOT EXISTS sns_topics (arn TEXT PRIMARY KEY, name TEXT NOT NULL, attributes TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sns_subscriptions (
    arn TEXT PRIMARY KEY, topic TEXT NOT NULL, protocol TEXT NOT NULL, endpoint TEXT NOT NULL, attributes TEXT NOT NULL,
    confirmed INTEGER NOT NULL, token TEXT NOT NULL, at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sns_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, subject TEXT,
    forms TEXT NOT NULL, attributes TEXT NOT NULL, at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS sns_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT, subscription TEXT NOT NULL, protocol TEXT NOT NULL,
    endpoint TEXT NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL, state TEXT NOT NULL, error TEXT, at TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS sns_pending_of ON sns_deliveries (subscription, due) WHERE state = 'pending';
  CREATE INDEX IF NOT EXISTS sns_of_message ON sns_deliveries (message);`;

type Row = { [column: string]: unknown };

/** Topics, subscriptions, messages and their deliveries, in the stand-ins' store: a commit survives the process. */
export type TopicStore = ReturnType<typeof openTopicStore>;

export const openTopicStore = (db: DatabaseSync) => {
  db.exec(schema);
  return { ...topicsIn(db), ...subscriptionsIn(db), ...messagesIn(db), ...deliveriesIn(db) };
};

const one = <Thing>(row: Row | undefined): Thing | null => (row === undefined ? null : thingOf<Thing>(row));
const all = <Thing>(rows: unknown[]): Thing[] => rows.map((row) => thingOf<Thing>(row as Row));

/** Columns that hold JSON or a truth; the others are as they are. */
const thingOf = <Thing>(row: Row): Thing =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name === 'attributes' || name === 'forms') return [name, JSON.parse(String(value))];
      return [name, name === 'confirmed' ? value === 1 : value];
    }),
  ) as Thing;

const topicsIn = (db: DatabaseSync) => ({
  topic: (arn: string) => one<Topic>(db.prepare('SELECT * FROM sns_topics WHERE arn = ?').get(arn)),
  topics: () => all<Topic>(db.prepare('SELECT * FROM sns_topics ORDER BY arn').all()),
  putTopic: ({ arn, name, attributes }: Topic): void =>
    void db.prepare('INSERT OR REPLACE INTO sns_topics VALUES (?, ?, ?)').run(arn, name, JSON.stringify(attributes)),
  deleteTopic: (arn: string): void => {
    db.prepare('DELETE FROM sns_topics WHERE arn = ?').run(arn);
    db.prepare('DELETE FROM sns_subscriptions WHERE topic = ?').run(arn);
  },
});

const subscriptionsIn = (db: DatabaseSync) => {
  const columns = 'arn, topic, protocol, endpoint, attributes, confirmed, token, at';
  const select = `SELECT ${columns} FROM sns_subscriptions`;
  return {
    subscription: (arn: string) => one<Subscription>(db.prepare(`${select} WHERE arn = ?`).get(arn)),
    subscriptions: () => all<Subscription>(db.prepare(`${select} ORDER BY arn`).all()),
    subscriptionsOf: (topic: string) =>
      all<Subscription>(db.prepare(`${select} WHERE topic = ? ORDER BY arn`).all(topic)),
    putSubscription: ({ arn, topic, protocol, endpoint, attributes, confirmed, token, at }: Subscription): void =>
      void db
        .prepare(`INSERT OR REPLACE INTO sns_subscriptions (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(arn, topic, protocol, endpoint, JSON.stringify(attributes), confirmed ? 1 : 0, token, at),
    deleteSubscription: (arn: string): void => void db.prepare('DELETE FROM sns_subscriptions WHERE arn = ?').run(arn),
    /** those that nobody confirmed until then */
    forgetUnconfirmed: (before: string): void =>
      void db.prepare('DELETE FROM sns_subscriptions WHERE confirmed = 0 AND at < ?').run(before),
  };
};

const messagesIn = (db: DatabaseSync) => {
  const columns = 'id, topic, subject, forms, attributes, at';
  return {
    message: (id: string) => one<Message>(db.prepare(`SELECT ${columns} FROM sns_messages WHERE id = ?`).get(id)),
    /** the newest first */
    messages: (limit: number) =>
      all<Message>(db.prepare(`SELECT ${columns} FROM sns_messages ORDER BY seq DESC LIMIT ?`).all(limit)),
    putMessage: ({ id, topic, subject, forms, attributes, at }: Message): void => {
      const insert = db.prepare(`INSERT INTO sns_messages (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
      const made = insert.run(id, topic, subject, JSON.stringify(forms), JSON.stringify(attributes), at);
      const seq = Number(made.lastInsertRowid);
      if (seq % forgottenAtOnce === 0) forgetOld(db, seq);
    },
  };
};

/** What is still on its way stays, however old. */
const forgetOld = (db: DatabaseSync, newest: number): void => {
  const old = `SELECT id FROM sns_messages WHERE seq <= ?
    AND id NOT IN (SELECT message FROM sns_deliveries WHERE state = 'pending' AND message IS NOT NULL)`;
  db.prepare(`DELETE FROM sns_deliveries WHERE message IN (${old})`).run(newest - messagesKept);
  db.prepare(`DELETE FROM sns_messages WHERE id IN (${old})`).run(newest - messagesKept);
  db.exec(`DELETE FROM sns_deliveries WHERE message IS NULL AND state != 'pending'`);
};

const deliveriesIn = (db: DatabaseSync) => {
  const columns = 'message, subscription, protocol, endpoint, tries, due, state, error, at';
  // The other columns are those of the row with the least (SQLite, "Bare columns in an aggregate query").
  const firstOfEach = `SELECT *, CAST(MIN(due * 1000000 + id % 1000000) AS TEXT) AS first FROM sns_deliveries
    WHERE state = 'pending' GROUP BY subscription ORDER BY first`;
  return {
    /** of each subscription the one that is due first, of several at once the oldest; soonest first */
    pending: () => all<Delivery>(db.prepare(firstOfEach).all()),
    deliveriesOf: (message: string) =>
      all<Delivery>(db.prepare('SELECT * FROM sns_deliveries WHERE message = ? ORDER BY id').all(message)),
    putDelivery: ({ message, subscription, protocol, endpoint, tries, due, state, error, at }: Omit<Delivery, 'id'>) =>
      void db
        .prepare(`INSERT INTO sns_deliveries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
        .run(message, subscription, protocol, endpoint, tries, due, state, error, at),
    moveDelivery: ({
      id,
      tries,
      due,
      state,
      error,
      at,
    }: Omit<Delivery, 'message' | 'subscription' | 'protocol' | 'endpoint'>) =>
      void db
        .prepare('UPDATE sns_deliveries SET tries = ?, due = ?, state = ?, error = ?, at = ? WHERE id = ?')
        .run(tries, due, state, error, at, id),
  };
};
