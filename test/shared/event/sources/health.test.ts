import { describe, expect, it } from 'vitest';
import { eventOf, factOf, fixture } from '../harness.ts';

describe('a report of AWS Health', () => {
  it('is one fact by its communication, account, page and status: backup Regions repeat it', () => {
    const event = eventOf('health/open.json');
    const repeated = { ...event, region: 'us-west-2', detail: { ...event.detail, backupEvent: 'true' } };
    expect(factOf(event).key).toMatch(/#comm-1,111122223333,1,open$/);
    expect(factOf(repeated).key).toBe(factOf(event).key);
    expect(factOf({ ...event, detail: { ...event.detail, page: '2' } }).key).not.toBe(factOf(event).key);
    expect(factOf({ ...event, detail: { ...event.detail, statusCode: 'closed' } }).key).not.toBe(factOf(event).key);
  });

  it('says what is to happen when, to whom, and whether anything is to be done', () => {
    expect(fixture('health/account-specific.json')).toMatchObject({
      kind: 'health.upcoming',
      outcome: 'upcoming',
      occurredAt: '2026-11-20T19:09:00.000Z',
      actor: { type: 'service', name: 'health.amazonaws.com' },
      reason: 'Tasks will be replaced.',
      detail: {
        scope: 'ACCOUNT_SPECIFIC',
        affectedAccount: '444455556666',
        begins: '2026-11-30T00:00:00.000Z',
        ends: '2026-12-01T00:00:00.000Z',
        actionability: 'ACTION_REQUIRED',
        personas: ['OPERATIONS'],
        page: 2,
        pages: 3,
        backup: true,
        entities: [
          { id: 'arn:aws:ecs:eu-west-1:111122223333:service/main/shop', status: 'PENDING' },
          { id: 'arn:aws:ecs:eu-west-1:111122223333:service/main/cart', status: 'RESOLVED' },
        ],
      },
    });
  });

  it('of before 2023 has neither status nor communication, and is understood', () => {
    expect(fixture('health/without-status.json')).toMatchObject({
      kind: 'health.reported',
      outcome: null,
      detail: { entities: [{ id: 'i-0a1b2c3d4e5f60718', status: 'IMPAIRED' }] },
    });
  });

  it('that is open stays open, also where its text says that it is resolved', () => {
    const event = eventOf('health/open.json');
    const eventDescription = [{ language: 'en_US', latestDescription: '[RESOLVED] all is well' }];
    expect(factOf({ ...event, detail: { ...event.detail, eventDescription } })).toMatchObject({
      kind: 'health.open',
      reason: '[RESOLVED] all is well',
    });
  });

  it('of abuse is a kind of its own', () => {
    expect(fixture('health/abuse.json').kind).toBe('health.abuse-reported');
  });

  it('lists at most a hundred of what it touches', () => {
    const event = eventOf('health/open.json');
    const affectedEntities = Array.from({ length: 1_000 }, (_, n) => ({ entityValue: `i-${n}` }));
    expect(factOf({ ...event, detail: { ...event.detail, affectedEntities } }).detail['entities']).toHaveLength(100);
  });
});
