import { describe, expect, it } from 'vitest';
import { structureMessage } from '../../../local/endpoint/structured-message.ts';

const publish = (Message: string, MessageStructure?: string) => ({ Action: 'Publish', Message, MessageStructure });

describe('a message with a structure', () => {
  it.each([
    ['the form for a queue', { default: 'text', sqs: '{"a":1}' }, '{"a":1}'],
    ['the default where there is none for a queue', { default: 'text', email: 'mail' }, 'text'],
  ])('is delivered as %s', (_, forms, delivered) => {
    const body = publish(JSON.stringify(forms), 'json');
    expect(structureMessage(body)).toBeNull();
    expect(body.Message).toBe(delivered);
  });

  it.each(['not json', '"text"', '{"sqs":"only"}', 'null'])('is refused where it has no default: %s', (text) => {
    expect(structureMessage(publish(text, 'json'))).toContain('Invalid parameter: Message Structure');
  });

  it('is left as it is where it has none', () => {
    const body = publish('{"default":"text"}');
    expect(structureMessage(body)).toBeNull();
    expect(body.Message).toBe('{"default":"text"}');
  });
});
