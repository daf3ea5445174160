import type { DatabaseSync } from 'node:sqlite';
import type { ActionRun, Execution } from './execution.ts';
import type { Structure } from './structure.ts';

/** A pipeline as it is defined now; times are milliseconds since 1970. */
export type Definition = { name: string; version: number; structure: Structure; created: number; updated: number };

export type PipelineStore = ReturnType<typeof openPipelineStore>;

const tables = `
  CREATE TABLE IF NOT EXISTS pipelines (name TEXT PRIMARY KEY, version INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS pipeline_versions (name TEXT NOT NULL, version INTEGER NOT NULL, structure TEXT NOT NULL, PRIMARY KEY (name, version));
  CREATE TABLE IF NOT EXISTS pipeline_executions (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL, token TEXT, body TEXT NOT NULL, UNIQUE (pipeline, token));
  CREATE INDEX IF NOT EXISTS pipeline_executions_listed ON pipeline_executions (pipeline, number);
  DROP INDEX IF EXISTS pipeline_executions_active;
  CREATE INDEX IF NOT EXISTS pipeline_executions_under_way ON pipeline_executions (pipeline, number) WHERE status IN ('InProgress', 'Stopping');
  CREATE TABLE IF NOT EXISTS pipeline_runs (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, execution TEXT NOT NULL, stage TEXT NOT NULL, action TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS pipeline_runs_of_execution ON pipeline_runs (execution, number);
  CREATE INDEX IF NOT EXISTS pipeline_runs_of_action ON pipeline_runs (pipeline, stage, action, number);
  CREATE INDEX IF NOT EXISTS pipeline_runs_unfinished ON pipeline_runs (number) WHERE status = 'InProgress';
  CREATE TABLE IF NOT EXISTS pipeline_closed (pipeline TEXT NOT NULL, stage TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (pipeline, stage));
  CREATE TABLE IF NOT EXISTS pipeline_stages (pipeline TEXT NOT NULL, stage TEXT NOT NULL, execution TEXT NOT NULL, PRIMARY KEY (pipeline, stage));`;

type Row = { [column: string]: unknown };
const body = <T>(row: Row | undefined): T | null => (row === undefined ? null : (JSON.parse(String(row.body)) as T));
const bodies = <T>(rows: Row[]): T[] => rows.map((row) => JSON.parse(String(row.body)) as T);
/** A page's items carry the number they are listed by, which is the place to go on from. */
export type Listed<T> = { number: number; item: T };
const listed = <T>(rows: Row[]): Listed<T>[] =>
  rows.map((row) => ({ number: Number(row.number), item: JSON.parse(String(row.body)) as T }));

/** Definitions, executions and action runs in the stand-ins' store. Knows no rules; every write joins the caller's transaction. */
export const openPipelineStore = (db: DatabaseSync) => {
  db.exec(tables);
  return { ...definitionsIn(db), ...executionsIn(db), ...runsIn(db), ...transitionsIn(db) };
};

const definitionsIn = (db: DatabaseSync) => {
  const select = `SELECT p.name, p.version, p.created, p.updated, v.structure FROM pipelines p JOIN pipeline_versions v ON v.name = p.name AND v.version = p.version`;
  const one = db.prepare(`${select} WHERE p.name = ?`);
  const page = db.prepare(`${select} WHERE p.name > ? ORDER BY p.name LIMIT ?`);
  const version = db.prepare('SELECT structure FROM pipeline_versions WHERE name = ? AND version = ?');
  const put = db.prepare('INSERT OR REPLACE INTO pipelines (name, version, created, updated) VALUES (?, ?, ?, ?)');
  const putVersion = db.prepare('INSERT INTO pipeline_versions (name, version, structure) VALUES (?, ?, ?)');
  const removals = [
    'DELETE FROM pipelines WHERE name = ?',
    'DELETE FROM pipeline_versions WHERE name = ?',
    ...['pipeline_executions', 'pipeline_runs', 'pipeline_stages', 'pipeline_closed'].map(
      (each) => `DELETE FROM ${each} WHERE pipeline = ?`,
    ),
  ].map((statement) => db.prepare(statement));
  const definition = (row: Row): Definition =>
    ({ ...row, structure: JSON.parse(String(row.structure)) as Structure }) as Definition;
  return {
    findDefinition: (name: string): Definition | null => {
      const row = one.get(name);
      return row === undefined ? null : definition(row);
    },
    listDefinitions: (after: string, limit: number): Definition[] => page.all(after, limit).map(definition),
    findVersion: (name: string, number: number): Structure | null => {
      const row = version.get(name, number);
      return row === undefined ? null : (JSON.parse(String(row.structure)) as Structure);
    },
    /** Saves a new version, which becomes the current one. */
    saveDefinition: ({ name, version: number, structure, created, updated }: Definition): void => {
      putVersion.run(name, number, JSON.stringify(structure));
      put.run(name, number, created, updated);
    },
    /** Removes a pipeline with its whole history, as DeletePipeline does. */
    removePipeline: (name: string): void => removals.forEach((removal) => removal.run(name)),
  };
};

const executionsIn = (db: DatabaseSync) => {
  const one = db.prepare('SELECT body FROM pipeline_executions WHERE id = ?');
  const byToken = db.prepare('SELECT body FROM pipeline_executions WHERE pipeline = ? AND token = ?');
  const active = db.prepare(
    `SELECT body FROM pipeline_executions WHERE pipeline = ? AND status IN ('InProgress', 'Stopping') ORDER BY number`,
  );
  const page = db.prepare(
    'SELECT number, body FROM pipeline_executions WHERE pipeline = ? AND number < ? ORDER BY number DESC LIMIT ?',
  );
  const succeeded = db.prepare(
    `SELECT number, body FROM pipeline_executions WHERE pipeline = ? AND version = ? AND number < ?
     AND json_extract(body, '$.stages."' || ? || '".status') = 'Succeeded' ORDER BY number DESC LIMIT ?`,
  );
  const insert = db.prepare(
    'INSERT INTO pipeline_executions (id, pipeline, version, status, token, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare('UPDATE pipeline_executions SET status = ?, body = ? WHERE id = ?');
  const busy = db.prepare(
    `SELECT DISTINCT pipeline FROM pipeline_executions WHERE status IN ('InProgress', 'Stopping')`,
  );
  const latest = db.prepare('SELECT execution FROM pipeline_stages WHERE pipeline = ? AND stage = ?');
  const enter = db.prepare('INSERT OR REPLACE INTO pipeline_stages (pipeline, stage, execution) VALUES (?, ?, ?)');
  return {
    findExecution: (id: string): Execution | null => body<Execution>(one.get(id)),
    findByToken: (pipeline: string, token: string): Execution | null => body<Execution>(byToken.get(pipeline, token)),
    /** the executions that are InProgress or Stopping, in the order in which they were started */
    activeExecutions: (pipeline: string): Execution[] => bodies<Execution>(active.all(pipeline)),
    /** newest first, those before `before` */
    listExecutions: (pipeline: string, before: number, limit: number): Listed<Execution>[] =>
      listed<Execution>(page.all(pipeline, before, limit)),
    /** newest first, of one structure version, those that succeeded in a stage (a name, which holds no quotes) */
    listSucceeded: (pipeline: string, version: number, stage: string, before: number, limit: number) =>
      listed<Execution>(succeeded.all(pipeline, version, before, stage, limit)),
    /** `token` is unique in a pipeline */
    insertExecution: (one: Execution, token: string | null): void =>
      void insert.run(one.id, one.pipeline, one.version, one.status, token, JSON.stringify(one)),
    updateExecution: (one: Execution): void => void update.run(one.status, JSON.stringify(one), one.id),
    busyPipelines: (): string[] => busy.all().map((row) => String(row.pipeline)),
    /** the execution that entered a stage last */
    latestIn: (pipeline: string, stage: string): Execution | null => {
      const row = latest.get(pipeline, stage);
      return row === undefined ? null : body<Execution>(one.get(String(row.execution)));
    },
    noteEntry: (pipeline: string, stage: string, execution: string): void => void enter.run(pipeline, stage, execution),
  };
};

const runsIn = (db: DatabaseSync) => {
  const one = db.prepare('SELECT body FROM pipeline_runs WHERE id = ?');
  const ofExecution = db.prepare('SELECT body FROM pipeline_runs WHERE execution = ? ORDER BY number');
  const latest = db.prepare(
    'SELECT body FROM pipeline_runs WHERE pipeline = ? AND stage = ? AND action = ? ORDER BY number DESC LIMIT 1',
  );
  const unfinished = db.prepare(`SELECT body FROM pipeline_runs WHERE status = 'InProgress' ORDER BY number`);
  const page = db.prepare(
    `SELECT number, body FROM pipeline_runs WHERE pipeline = ? AND (? IS NULL OR execution = ?) AND number < ?
     ORDER BY number DESC LIMIT ?`,
  );
  const insert = db.prepare(
    'INSERT INTO pipeline_runs (id, pipeline, execution, stage, action, status, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare('UPDATE pipeline_runs SET status = ?, body = ? WHERE id = ?');
  return {
    findRun: (id: string): ActionRun | null => body<ActionRun>(one.get(id)),
    /** oldest first */
    runsOf: (execution: string): ActionRun[] => bodies<ActionRun>(ofExecution.all(execution)),
    latestRun: (pipeline: string, stage: string, action: string): ActionRun | null =>
      body<ActionRun>(latest.get(pipeline, stage, action)),
    unfinishedRuns: (): ActionRun[] => bodies<ActionRun>(unfinished.all()),
    /** newest first, those before `before`, of one execution or of all */
    listRuns: (pipeline: string, execution: string | null, before: number, limit: number): Listed<ActionRun>[] =>
      listed<ActionRun>(page.all(pipeline, execution, execution, before, limit)),
    insertRun: (run: ActionRun): void =>
      void insert.run(run.id, run.pipeline, run.execution, run.stage, run.action, run.status, JSON.stringify(run)),
    updateRun: (run: ActionRun): void => void update.run(run.status, JSON.stringify(run), run.id),
  };
};

/** Who closed the way into a stage, why, and when (ms since 1970). */
export type Closing = { by: string; reason: string; at: number };

const transitionsIn = (db: DatabaseSync) => {
  const one = db.prepare('SELECT body FROM pipeline_closed WHERE pipeline = ? AND stage = ?');
  const all = db.prepare('SELECT stage FROM pipeline_closed WHERE pipeline = ?');
  const close = db.prepare('INSERT OR REPLACE INTO pipeline_closed (pipeline, stage, body) VALUES (?, ?, ?)');
  const open = db.prepare('DELETE FROM pipeline_closed WHERE pipeline = ? AND stage = ?');
  return {
    closingOf: (pipeline: string, stage: string): Closing | null => body<Closing>(one.get(pipeline, stage)),
    closedStages: (pipeline: string): Set<string> => new Set(all.all(pipeline).map((row) => String(row.stage))),
    closeStage: (pipeline: string, stage: string, closing: Closing): void =>
      void close.run(pipeline, stage, JSON.stringify(closing)),
    openStage: (pipeline: string, stage: string): void => void open.run(pipeline, stage),
  };
};
