import type { Alert, LadderEvent } from '../../shared/ladder/events.ts';
import type { Order } from '../../shared/ladder/input.ts';
import type { Actor } from '../../shared/trail/entry.ts';
import type { TestLadder } from './ladder.ts';

export const person = (name: string) =>
  ({ type: 'person', id: name.toLowerCase(), name, verified: true }) as const satisfies Actor;
export const ben = person('Ben');

/** Somebody tells the ladder something, with the checks as they are. */
export const tell = (test: TestLadder, order: Order, who: Actor = ben, why = 'it must be'): readonly LadderEvent[] =>
  test.take({ type: 'order', seq: test.nextSeq(), order, who, why }, { alarms: test.alarms() });

/** Why an order is refused. */
export const refusalIn = ([event]: readonly LadderEvent[]): string =>
  event?.type === 'order.refused' ? event.reason : `not refused: ${event?.type}`;

/** The first alert that was raised. */
export const alertIn = (events: readonly LadderEvent[]): Alert | undefined =>
  events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : []))[0];

/** All that people were told, in order. */
export const alertsOf = (test: TestLadder): Alert[] =>
  test.versions.flatMap(({ decision }) =>
    decision.events.flatMap((event) => (event.type === 'alert.raised' ? [event.alert] : [])),
  );
