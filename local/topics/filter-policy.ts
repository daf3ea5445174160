import { compilePattern, type Matcher, matches, PatternError } from '../../shared/pattern/pattern.ts';
import { AwsError } from '../endpoint/operations.ts';

/** What SNS takes of a filter policy at most (SNS Developer Guide, "Filter policy constraints"). */
const keysAtMost = 5;
const combinationsAtMost = 150;
const bytesAtMost = 256 * 1024;

/** What a message says of itself, beside its text. A binary value is base64. */
export type Attributes = { [name: string]: { DataType: string; StringValue?: string; BinaryValue?: string } };

/**
 * Reads the filter policy of a subscription: the EventBridge language, within SNS's limits. An empty one wants everything.
 *
 * @throws AwsError InvalidParameter with everything that is wrong with it
 */
export const readFilterPolicy = (text: string): Matcher | null => {
  if (Buffer.byteLength(text) > bytesAtMost) throw refused('Filter policy is too long');
  const policy = objectIn(text);
  const keys = Object.keys(policy);
  if (keys.length === 0) return null;
  if (keys.filter((key) => key !== '$or').length > keysAtMost || combinationsOf(policy) > combinationsAtMost)
    throw refused('Filter policy is too complex');
  try {
    return compilePattern(policy);
  } catch (error) {
    if (error instanceof PatternError) throw refused(error.message.replaceAll('\n', '; '));
    throw error;
  }
};

const refused = (why: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${why}`);

const objectIn = (text: string): object => {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy;
  } catch {
    // said below
  }
  throw refused('failed to parse JSON: it must be one object');
};

/** The values of each list, multiplied. */
const combinationsOf = (policy: object): number =>
  Object.values(policy).reduce<number>((product, value) => {
    if (Array.isArray(value)) return product * Math.max(1, value.length);
    return typeof value === 'object' && value !== null ? product * combinationsOf(value) : product;
  }, 1);

/**
 * Whether a subscription wants a message: by its attributes, or by its text where the scope is `MessageBody` (a text
 * that is no JSON object then matches nothing).
 *
 * @param text in the form that the subscriber's protocol gets
 */
export const isWanted = (
  { policy, scope }: { policy: Matcher | null; scope: string },
  { attributes, text }: { attributes: Attributes; text: string },
): boolean => {
  if (policy === null) return true;
  return matches(policy, scope === 'MessageBody' ? bodyOf(text) : valuesOf(attributes));
};

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Binary ones are never matched; a list (`String.Array`) is by any of its elements. */
const valuesOf = (attributes: Attributes): { [name: string]: unknown } =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([, { StringValue }]) => StringValue !== undefined)
      .map(([name, { DataType, StringValue = '' }]) => [name, valueOf(DataType, StringValue)]),
  );

const valueOf = (type: string, text: string): unknown => {
  if (type.startsWith('String.Array')) return bodyOf(text) ?? text;
  return /^Number\b/.test(type) && Number.isFinite(Number(text)) ? Number(text) : text;
};
