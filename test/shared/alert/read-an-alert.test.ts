import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../shared/alert/forms.ts';
import type { MachineAlert } from '../../../shared/alert/machine.ts';
import { machineSchema } from '../../../shared/alert/machine-schema.ts';
import type { Message } from '../../../shared/alert/message.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/how-to/read-an-alert.md');

/** Messages as the product put them on record, of an outage of the shop on one machine. */
const recorded = ['calls-a-person', 'rolls-back'].map((name): [string, Message] => [
  name,
  JSON.parse(read(`test/fixtures/alerts/${name}.json`)) as Message,
]);

describe('how to read an alert', () => {
  it.each(recorded)('is shown by a message as it was sent: %s', (_name, message) => {
    const { subject, structure } = formsOf(message, false);
    expect(guide).toContain(`\`\`\`text\nSubject: ${subject}\n\n${structure['email']}\n\`\`\``);
  });

  it.each(recorded)('and machines get the same by the published schema: %s', (_name, message) => {
    const machine = JSON.parse(formsOf(message, false).structure['sqs'] ?? '') as MachineAlert;
    expect(machineSchema.parse(machine)).toEqual(machine);
    expect(machine.suspects[0]?.what).toContain('Answer 500');
    expect(machine.cut).toBe(false);
  });
});
