type Publish = { Action: 'Publish'; Message: string; MessageStructure?: string };

/**
 * SNS takes one message in a form for each protocol (`MessageStructure: json`), and fauxqs delivers the text as it is.
 * Puts the form for a queue in its place: everybody who subscribes on one machine does so by a queue.
 *
 * @returns what is wrong with the structure, in SNS's words; null where nothing is (Amazon SNS API Reference, Publish)
 */
export const structureMessage = (body: unknown): string | null => {
  if (!isPublish(body) || body.MessageStructure !== 'json') return null;
  const forms = formsIn(body.Message);
  if (forms === null) return 'Invalid parameter: Message Structure - JSON message body failed to parse';
  if (typeof forms['default'] !== 'string')
    return 'Invalid parameter: Message Structure - No default entry in JSON message body';
  body.Message = typeof forms['sqs'] === 'string' ? forms['sqs'] : forms['default'];
  return null;
};

const isPublish = (body: unknown): body is Publish =>
  typeof body === 'object' && body !== null && 'Action' in body && body.Action === 'Publish';

const formsIn = (text: string): { [protocol: string]: unknown } | null => {
  try {
    const forms: unknown = JSON.parse(text);
    return typeof forms === 'object' && forms !== null ? { ...forms } : null;
  } catch {
    return null;
  }
};

/** An error as SNS answers it over its query protocol. */
export const snsError = (message: string): string =>
  `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>` +
  `<Code>InvalidParameter</Code><Message>${message}</Message></Error></ErrorResponse>`;
