import { describe, expect, it } from 'vitest';
import type { IncidentAnswer } from '../../../shared/question/answers.ts';
import { handoverOf } from '../../../shared/question/handover.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 21, hour)).toISOString();
const incident = (id: number, over: Partial<IncidentAnswer> = {}): IncidentAnswer => ({
  id: `production.shop.${id}`,
  environment: 'production',
  service: 'shop',
  status: 'converged',
  openedAt: at(id),
  closedAt: at(id + 1),
  until: null,
  attempts: 1,
  failing: ['smoke'],
  suspect: null,
  reason: null,
  steps: [],
  notes: [],
  ...over,
});
const note = (preventedBy: string) => ({ at: at(1), by: 'ada', cause: 'a null', preventedBy, seq: 7 });
const ids = (some: IncidentAnswer[]): string[] => some.map(({ id }) => id);

describe('a hand-over', () => {
  it('tells what is open first, however old, then what is over, and nothing from before', () => {
    const old = incident(1, { closedAt: null, status: 'climbing' });
    const { open, over } = handoverOf([incident(9), incident(8), incident(3), old], at(8));
    expect([ids(open), ids(over)]).toEqual([['production.shop.1'], ['production.shop.9', 'production.shop.8']]);
  });

  it('keeps open what was handed over until somebody notes what it was', () => {
    const handedOver = incident(8, { status: 'handed-over' });
    expect(ids(handoverOf([handedOver], at(6)).open)).toEqual(['production.shop.8']);
    expect(ids(handoverOf([{ ...handedOver, notes: [note('c0ffee1')] }], at(6)).open)).toEqual([]);
  });

  it('tells what comes back, that which nobody mended first', () => {
    const node = { failing: ['node'] };
    const all = [incident(12, node), incident(11), incident(10, { ...node, notes: [note('c0ffee1')] }), incident(9)];
    expect(handoverOf(all, at(6)).recurring).toEqual([
      {
        ladder: 'production/shop',
        failing: ['smoke'],
        incidents: ['production.shop.11', 'production.shop.9'],
        preventedBy: [],
        since: 0,
      },
      {
        ladder: 'production/shop',
        failing: ['node'],
        incidents: ['production.shop.12', 'production.shop.10'],
        preventedBy: ['c0ffee1'],
        since: 1,
      },
    ]);
  });

  it('tells what came back after it was mended before what did not', () => {
    const mended = { notes: [note('c0ffee1')] };
    const stays = [incident(14, { failing: ['node'], ...mended }), incident(13, { failing: ['node'] })];
    const all = [...stays, incident(12), incident(11, mended)];
    const { recurring } = handoverOf(all, at(6));
    expect(recurring.map(({ failing, since }) => [failing[0], since])).toEqual([
      ['smoke', 1],
      ['node', 0],
    ]);
  });
});
