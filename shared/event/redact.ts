import { canonical } from '../trail/canonical.ts';
import type { Json, Redaction } from '../trail/entry.ts';
import type { Envelope } from './envelope.ts';
import { cut, isObject, type JsonObject, list, text } from './fields.ts';
import { readJson } from './json.ts';
import { isSecretValue, secretField, shortestText, textRules } from './redact-rules.ts';

/** Keyed digest (hex) of a text, so that equal secrets can be matched and none can be guessed. */
export type Digest = (secret: string) => string;

/** JSON inside text inside JSON is looked into this far. */
const maxEncodings = 3;

/** A pointer is made of names from the event, which may be as long as it likes. */
const maxPointer = 500;

type Scope = { digest: Digest; found: Redaction[]; encodings: number };

/**
 * Takes secrets out of a detail: by the name of the field, and by the look of a text, also in names of fields and in
 * JSON that stands in a text. What is taken out leaves a mark with the rule and the beginning of its digest.
 *
 * @param detail what is to be stored; it is not changed
 * @param digest keyed digest of a secret
 * @param pointer where the detail stands in the record, for the pointers of the redactions
 * @returns the detail without secrets, and a redaction for each one
 */
export const redact = (
  detail: JsonObject,
  digest: Digest,
  pointer = '',
): { detail: JsonObject; redactions: Redaction[] } => {
  const scope: Scope = { digest, found: [], encodings: 0 };
  const clean = redactObject(detail, pointer, scope);
  return { detail: clean, redactions: scope.found };
};

/**
 * An event without secrets. This comes before anything is made of it: subjects, reasons and fact keys are then clean
 * by themselves, and no text is shortened in the middle of a secret that would then no longer be recognised.
 */
export const redactEnvelope = (event: Envelope, digest: Digest): { event: Envelope; redactions: Redaction[] } => {
  const scope: Scope = { digest, found: [], encodings: 0 };
  const clean = (said: string, pointer: string): string => redactText(said, pointer, scope);
  const orNull = (said: string | null, pointer: string): string | null => (said === null ? null : clean(said, pointer));
  return {
    event: {
      source: clean(event.source, '/source/name'),
      detailType: clean(event.detailType, '/detail/detailType'),
      id: orNull(event.id, '/source/id'),
      account: orNull(event.account, '/source/account'),
      region: orNull(event.region, '/source/region'),
      time: orNull(event.time, '/detail/claimedTime'),
      resources: event.resources.map((resource, index) => clean(resource, `/detail/resources/${index}`)),
      detail: redactObject(event.detail, '/detail/event', scope),
      beside: redactObject(event.beside, '/detail/beside', scope),
      via: event.via.map((wrapper, index) => clean(wrapper, `/detail/via/${index}`)),
    },
    redactions: scope.found,
  };
};

const redactValue = (value: Json, pointer: string, scope: Scope): Json => {
  if (typeof value === 'string') return redactEncoded(value, pointer, scope);
  if (Array.isArray(value)) return value.map((inner, index) => redactValue(inner, `${pointer}/${index}`, scope));
  return isObject(value) ? redactObject(value, pointer, scope) : value;
};

const redactObject = (object: JsonObject, pointer: string, scope: Scope): JsonObject => {
  const valueIsSecret = secretPair(object);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const key = redactText(name, pointer, scope);
      const at = below(pointer, key);
      const rule = secretField(name) ?? (name.toLowerCase() === 'value' ? valueIsSecret : null);
      if (name === 'environment-variables') return [key, variables(list(object, name), at, scope)];
      return [key, rule === null ? redactValue(value, at, scope) : mask(value, rule, at, scope)];
    }),
  );
};

/** RFC 6901. */
const below = (pointer: string, key: string): string => `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** `{ name: 'DB_PASSWORD', value: ... }`: the name stands beside the value. */
const secretPair = (object: JsonObject): string | null => {
  const name = text(object, 'name') ?? text(object, 'Name') ?? text(object, 'key') ?? text(object, 'Key');
  return name === null ? null : secretField(name);
};

/** CodeBuild's variables are in clear where their type is not one that names a store: none of those is kept. */
const variables = (all: Json[], pointer: string, scope: Scope): Json =>
  all.map((variable, index) => {
    const at = `${pointer}/${index}`;
    const inClear = isObject(variable) && (text(variable, 'type') ?? 'PLAINTEXT') === 'PLAINTEXT';
    if (!inClear) return redactValue(variable, at, scope);
    const { value = null, ...rest } = variable;
    return { ...redactObject(rest, at, scope), value: mask(value, 'plaintext-variable', `${at}/value`, scope) };
  });

/** Everything below a field with a secret name; what AWS has masked, and its documented examples, stay. */
const mask = (value: Json, rule: string, pointer: string, scope: Scope): Json => {
  if (typeof value === 'string') return isSecretValue(value) ? takenOut(value, rule, pointer, scope) : value;
  if (typeof value === 'number') return takenOut(String(value), rule, pointer, scope);
  if (Array.isArray(value)) return value.map((inner, index) => mask(inner, rule, `${pointer}/${index}`, scope));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const key = redactText(name, pointer, scope);
      return [key, mask(inner, rule, below(pointer, key), scope)];
    }),
  );
};

const takenOut = (secret: string, rule: string, pointer: string, scope: Scope): string => {
  const digest = scope.digest(secret);
  scope.found.push({ pointer: cut(pointer, maxPointer), rule, digest });
  return `[redacted ${rule} ${digest.slice(0, 12)}]`;
};

/** JSON in a text is read, so that the names in it count; it is written anew only when something was taken out. */
const redactEncoded = (value: string, pointer: string, scope: Scope): string => {
  const inner = scope.encodings < maxEncodings ? encoded(value) : null;
  if (inner === null) return redactText(value, pointer, scope);
  const within: Scope = { ...scope, found: [], encodings: scope.encodings + 1 };
  const clean = redactValue(inner, pointer, within);
  if (within.found.length === 0) return value;
  scope.found.push(...within.found);
  return canonical(clean);
};

const encoded = (value: string): Json | null => {
  const first = value.trimStart()[0];
  if (first !== '{' && first !== '[') return null;
  const read = readJson(value);
  return 'value' in read ? read.value : null;
};

const redactText = (value: string, pointer: string, scope: Scope): string =>
  value.length < shortestText
    ? value
    : textRules.reduce((clean, { name, pattern, accepts = () => true }) => {
        return clean.replace(pattern, (match: string, ...groups: unknown[]) => {
          const secret = typeof groups[0] === 'string' ? groups[0] : match;
          if (!accepts(secret)) return match;
          const mark = takenOut(secret, name, pointer, scope);
          const from = match.lastIndexOf(secret);
          return match.slice(0, from) + mark + match.slice(from + secret.length);
        });
      }, value);
