import { describe, expect, it } from 'vitest';
import { bodyOf, filesUnder, fixtures, groupsOf, locate, nameOf } from './harness.ts';

const drafts = filesUnder(fixtures).flatMap((file) =>
  groupsOf(bodyOf(nameOf(file)), { locate }).flatMap(({ entries }) => entries),
);

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const members: { [type: string]: string[] } = {
  person: ['id', 'name', 'type', 'verified'],
  'role-session': ['id', 'role', 'session', 'type'],
  service: ['name', 'type'],
  unknown: ['type'],
};

describe('every fact, of whatever source', () => {
  it('has an actor of one of four shapes', () => {
    const others = drafts.filter(
      ({ actor }) => Object.keys(actor).toSorted().join() !== (members[actor.type] ?? []).join(),
    );
    expect(others).toEqual([]);
  });

  it('is about an ARN, or what Config or a bare message calls a thing', () => {
    const others = drafts.filter(({ subject }) => !/^arn:[\w-]+:[\w-]+:|^\d{12}\/AWS::/.test(subject));
    expect(others.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([]);
  });

  it('has its outcome in lower case, and a reason that fits a line of a list', () => {
    const outcomes = drafts.flatMap(({ outcome }) => outcome ?? []);
    expect(outcomes.filter((outcome) => !/^[a-z]+(?:-[a-z]+)*$/.test(outcome))).toEqual([]);
    expect(drafts.filter(({ reason }) => reason !== null && reason.length > 2_000)).toEqual([]);
  });

  it('claims a time that can be read, or none', () => {
    expect(drafts.filter(({ occurredAt }) => occurredAt !== null && !instantForm.test(occurredAt))).toEqual([]);
  });

  it('belongs to an environment before it belongs to a service', () => {
    expect(drafts.filter(({ environment, service }) => environment === null && service !== null)).toEqual([]);
    expect(drafts.filter(({ environment }) => environment === 'production').length).toBeGreaterThan(60);
  });
});
