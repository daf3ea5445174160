import type { Transaction, World } from '../world.ts';
import type { Alarm, AlarmDefinition, AlarmState, Datapoint } from './alarm.ts';
import { metricKey, type Metric } from './alarm.ts';
import { configurationEvent, contributorEvent, deletionEvent, stateChangeEvent } from './alarm-events.ts';
import { type AlarmHistory, createAlarmHistory } from './alarm-history.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import { evaluateSeries } from './evaluate-series.ts';
import { seriesOf, type SeriesQuery } from './series-query.ts';

/** The alarms: definitions and states are durable, and each change of state is written together with its event. */
export type Alarms = {
  /** by name, in order */
  list: () => Alarm[];
  /** Makes an alarm or changes it; one that is like this already stays as it is. */
  put: (definition: AlarmDefinition) => void;
  /** Deletes the alarms of these names that there are. */
  remove: (names: string[]) => void;
  /** What they went through. */
  history: AlarmHistory;
  /** Sets a state by hand; it lasts until the next evaluation. @returns false when there is no such alarm */
  setState: (name: string, state: Omit<AlarmState, 'at'>) => boolean;
  /** Takes in a value of a metric. */
  record: (metric: Metric, value: number) => void;
  /** What was taken in of a metric, oldest first. */
  datapoints: (metric: Metric) => Datapoint[];
  /** Evaluates the alarms on a metric, and those whose query it is a part of. */
  evaluate: (metric: Metric) => void;
};

/** Datapoints kept of a metric: more than any evaluation looks at here. */
const datapointsAtMost = 1_000;

export const createAlarms = (world: World, transaction: Transaction): Alarms => {
  const { db } = world;
  db.exec(`CREATE TABLE IF NOT EXISTS alarms (name TEXT PRIMARY KEY, definition TEXT NOT NULL, state TEXT NOT NULL,
    configured_at INTEGER NOT NULL)`);
  const history = createAlarmHistory(db);
  // what was measured does not outlive the process: a gap is no evidence, neither of good nor of bad
  const datapoints = new Map<string, { metric: Metric; points: Datapoint[] }>();
  const list = (): Alarm[] => (db.prepare('SELECT * FROM alarms ORDER BY name').all() as Row[]).map(alarmOf);
  const find = (name: string): Alarm | null => list().find(({ definition }) => definition.AlarmName === name) ?? null;
  const save = ({ definition, state, configuredAt }: Alarm): void =>
    void db
      .prepare('INSERT OR REPLACE INTO alarms VALUES (?, ?, ?, ?)')
      .run(definition.AlarmName, JSON.stringify(definition), JSON.stringify(state), configuredAt);
  const change = (alarm: Alarm, state: AlarmState): void =>
    transaction(() => {
      save({ ...alarm, state });
      if (state.value === alarm.state.value) return;
      history.note(alarm.definition.AlarmName, alarm.state, state);
      world.emit(stateChangeEvent(world, alarm, alarm.state, state));
    });
  const evaluateQuery = (alarm: Alarm, Query: SeriesQuery): void => {
    const { definition, state } = alarm;
    const all = [...datapoints.values()].map(({ metric, points }) => ({
      value: seriesOf({ ...definition, Query }, metric),
      points,
    }));
    const byValue = Map.groupBy(all, ({ value }) => value);
    const series = [...byValue].flatMap(([value, parts]) =>
      value === null ? [] : [{ value, datapoints: parts.flatMap(({ points }) => points) }],
    );
    const next = evaluateSeries(definition, Query.groupBy, state, series, world.now().getTime());
    transaction(() => {
      change(alarm, next.state);
      for (const contributor of next.changed) world.emit(contributorEvent(world, alarm, contributor));
    });
  };
  return {
    list,
    history,
    put: (definition) =>
      transaction(() => {
        const before = find(definition.AlarmName);
        if (JSON.stringify(before?.definition) === JSON.stringify(definition)) return;
        const at = world.now().getTime();
        const alarm = { definition, state: before?.state ?? unchecked(at), configuredAt: at };
        save(alarm);
        world.emit(configurationEvent(world, alarm, before?.definition ?? null));
      }),
    remove: (names) =>
      transaction(() => {
        for (const alarm of list().filter(({ definition }) => names.includes(definition.AlarmName))) {
          db.prepare('DELETE FROM alarms WHERE name = ?').run(alarm.definition.AlarmName);
          world.emit(deletionEvent(world, alarm));
        }
      }),
    setState: (name, state) => {
      const alarm = find(name);
      if (alarm !== null) change(alarm, { ...state, at: world.now().getTime() });
      return alarm !== null;
    },
    record: (metric, value) => {
      const key = metricKey(metric);
      const point = { at: world.now().getTime(), value };
      const points = [...(datapoints.get(key)?.points ?? []), point].slice(-datapointsAtMost);
      datapoints.set(key, { metric, points });
    },
    datapoints: (metric) => datapoints.get(metricKey(metric))?.points ?? [],
    evaluate: (metric) => {
      const key = metricKey(metric);
      for (const alarm of list()) {
        const { Query, ...of } = alarm.definition;
        if (Query !== undefined && seriesOf({ ...of, Query }, metric) !== null) evaluateQuery(alarm, Query);
        if (Query !== undefined || metricKey(of) !== key) continue;
        const now = world.now().getTime();
        const next = evaluateAlarm(alarm.definition, alarm.state, datapoints.get(key)?.points ?? [], now);
        if (next !== null) change(alarm, next);
      }
    },
  };
};

type Row = { definition: string; state: string; configured_at: number };

const alarmOf = ({ definition, state, configured_at: configuredAt }: Row): Alarm => ({
  definition: JSON.parse(definition) as AlarmDefinition,
  state: JSON.parse(state) as AlarmState,
  configuredAt,
});

const unchecked = (at: number): AlarmState => ({
  value: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  at,
});
