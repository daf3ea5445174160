import { canonical } from '../trail/canonical.ts';
import type { Json, Redaction } from '../trail/entry.ts';
import type { Envelope } from './envelope.ts';
import { cut, isObject, type JsonObject, text } from './fields.ts';
import { readJson } from './json.ts';
import { type Budget, replaceEncoded } from './redact-encoded.ts';
import { type FieldName, fieldName, isBasicAuth, isSecretFlag, secretPair, segmentOf } from './redact-fields.ts';
import { unfolded } from './redact-joints.ts';
import { replaceSecrets } from './redact-rules.ts';
import { isSecretValue } from './redact-values.ts';

/** Keyed digest (hex) of a text, so that equal secrets can be matched and none can be guessed. */
export type Digest = (secret: string) => string;

/** JSON inside text inside JSON is looked into this far. */
const maxEncodings = 3;

/** Percent-encoding, base64 and base64url, each in each, are looked into this far. */
const maxDecodings = 2;

/** Shortest text that can hold a secret together with what makes it recognisable, such as `pwd=x`. */
const shortestText = 5;
/** No event is as long. What is longer is not read, and goes: patterns are not made for it. */
const longestText = 4 * 1024 * 1024;

/** Characters decoded for one event: all that a queue can carry (1 MiB), through both decodings, with some over. */
const maxDecoded = 2 * 1024 * 1024;

/** A pointer is made of names from the event, which may be as long as it likes. */
const maxPointer = 500;

type Scope = { digest: Digest; found: Redaction[]; encodings: number; decodings: number; budget: Budget };

const scopeOf = (digest: Digest): Scope => ({
  digest,
  found: [],
  encodings: 0,
  decodings: 0,
  budget: { left: maxDecoded },
});

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
  const scope = scopeOf(digest);
  const clean = redactObject(detail, pointer, scope);
  return { detail: clean, redactions: scope.found };
};

/**
 * An event without secrets. This comes before anything is made of it: subjects, reasons and fact keys are then clean
 * by themselves, and no text is shortened in the middle of a secret that would then no longer be recognised.
 */
export const redactEnvelope = (event: Envelope, digest: Digest): { event: Envelope; redactions: Redaction[] } => {
  const scope = scopeOf(digest);
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

/**
 * A text that goes to people, or into a decision, and not by way of an event: without secrets, marked without a digest,
 * for where it is read there is no key. Redact first, then cut: half a secret is no longer recognised.
 */
export const withoutSecrets = (said: string): string =>
  redactText(
    said,
    '',
    scopeOf(() => ''),
  );

const redactValue = (value: Json, pointer: string, scope: Scope): Json => {
  if (typeof value === 'string') return redactText(value, pointer, scope);
  if (Array.isArray(value)) return value.map((inner, index) => redactItem(value, inner, index, pointer, scope));
  return isObject(value) ? redactObject(value, pointer, scope) : value;
};

/** In a list of arguments the secret stands after the flag that names it. */
const redactItem = (all: Json[], item: Json, index: number, pointer: string, scope: Scope): Json => {
  const at = `${pointer}/${index}`;
  const isNamed = typeof item === 'string' && !item.startsWith('-') && isSecretFlag(all[index - 1]);
  return isNamed ? mask(item, 'password', at, scope) : redactValue(item, at, scope);
};

const redactObject = (object: JsonObject, pointer: string, scope: Scope): JsonObject => {
  const ofPair = secretPair(object);
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const said = fieldName(name);
      const key = redactText(name, pointer, scope);
      const at = `${pointer}/${key === name ? said.segment : segmentOf(key)}`;
      if (said.isBuildEnvironment) return [key, environment(value, at, scope)];
      const rule = isBasicAuth(name, value) ? 'field-auth' : ruleOf(said, ofPair);
      return [key, rule === null ? redactValue(value, at, scope) : mask(value, rule, at, scope)];
    }),
  );
};

const ruleOf = ({ secret, isPairValue }: FieldName, ofPair: string | null): string | null =>
  secret ?? (isPairValue ? ofPair : null);

/** A list, or, as CodePipeline has it, JSON with one in it. */
const environment = (value: Json, pointer: string, scope: Scope): Json => {
  if (Array.isArray(value)) return variables(value, pointer, scope);
  const inner = typeof value === 'string' ? encoded(value) : null;
  return Array.isArray(inner) ? canonical(variables(inner, pointer, scope)) : redactValue(value, pointer, scope);
};

/** CodeBuild's variables are in clear where their type is not one that names a store: none of those is kept. */
const variables = (all: Json[], pointer: string, scope: Scope): Json =>
  all.map((variable, index) => {
    const at = `${pointer}/${index}`;
    const inClear = isObject(variable) && (text(variable, 'type') ?? 'PLAINTEXT') === 'PLAINTEXT';
    if (!inClear || variable['value'] === undefined) return redactValue(variable, at, scope);
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
      return [key, mask(inner, rule, `${pointer}/${segmentOf(key)}`, scope)];
    }),
  );
};

const takenOut = (secret: string, rule: string, pointer: string, scope: Scope): string => {
  const digest = scope.digest(secret);
  scope.found.push({ pointer: cut(pointer, maxPointer), rule, digest });
  return `[${['redacted', rule, digest.slice(0, 12)].filter((word) => word !== '').join(' ')}]`;
};

/** Each event has some, all others than before; nothing that is a secret looks like one. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

const redactText = (value: string, pointer: string, scope: Scope): string => {
  if (value.length < shortestText || instant.test(value)) return value;
  if (value.length > longestText) return takenOut(value, 'text:unread', pointer, scope);
  if (value.length > longestKnown) return readText(value, pointer, scope);
  return isKnownClean(value, scope) ? value : readNew(value, pointer, scope);
};

const readNew = (value: string, pointer: string, scope: Scope): string => {
  const { found, budget } = scope;
  const before = { found: found.length, left: budget.left };
  const clean = readText(value, pointer, scope);
  if (isOutermost(scope) && found.length === before.found) keepInMind(value, before.left - budget.left);
  return clean;
};

/**
 * Names of fields, of pipelines and of states come again with every event. Those in which nothing was found need not be
 * looked at again, but what was decoded of them counts again: what is read of an event does not hang on those before it.
 */
const knownClean = new Map<string, number>();
/** Characters of one, and how many of them. */
const longestKnown = 100;
const knownAtMost = 5_000;

/** Further in less is decoded of a text. */
const isKnownClean = (value: string, scope: Scope): boolean => {
  const decoded = knownClean.get(value);
  if (decoded === undefined) return false;
  if (decoded === 0) return true;
  if (!isOutermost(scope) || decoded > scope.budget.left) return false;
  scope.budget.left -= decoded;
  return true;
};

const isOutermost = ({ encodings, decodings }: Scope): boolean => encodings === 0 && decodings === 0;

const keepInMind = (value: string, decoded: number): void => {
  if (knownClean.size >= knownAtMost) knownClean.clear();
  knownClean.set(value, decoded);
};

/** A text as it stands, with its lines put together again, as JSON, and decoded. */
const readText = (value: string, pointer: string, scope: Scope): string =>
  asJson(value, pointer, scope) ?? asUnfolded(value, pointer, scope) ?? redactPlain(value, pointer, scope);

/** JSON is read, so that the names in it count; it is written anew only when something was taken out. */
const asJson = (value: string, pointer: string, scope: Scope): string | null => {
  const inner = scope.encodings < maxEncodings ? encoded(value) : null;
  if (inner === null) return null;
  const within: Scope = { ...scope, found: [], encodings: scope.encodings + 1 };
  const clean = redactValue(inner, pointer, within);
  scope.found.push(...within.found);
  return within.found.length === 0 ? value : canonical(clean);
};

const encoded = (value: string): Json | null => {
  const first = value.trimStart()[0];
  if (first !== '{' && first !== '[') return null;
  const read = readJson(value);
  return 'value' in read ? read.value : null;
};

/** A text that was cut into lines stays so, unless putting it together shows a secret. */
const asUnfolded = (value: string, pointer: string, scope: Scope): string | null => {
  const whole = unfolded(value);
  if (whole === null) return null;
  const within: Scope = { ...scope, found: [] };
  const clean = asJson(whole, pointer, within) ?? redactPlain(whole, pointer, within);
  if (within.found.length === 0) return null;
  scope.found.push(...within.found);
  return clean;
};

const redactPlain = (value: string, pointer: string, scope: Scope): string => {
  const clean = replaceSecrets(value, (secret, rule) => takenOut(secret, rule, pointer, scope));
  if (scope.decodings >= maxDecodings) return clean;
  return replaceEncoded(clean, scope.budget, ({ decoded, writing }, run) => {
    if (decoded === null) return takenOut(run, `${writing}:unread`, pointer, scope);
    const rule = secretIn(decoded, scope);
    return rule === null ? null : takenOut(decoded, `${writing}:${rule}`, pointer, scope);
  });
};

/** The rule under which a decoded text has a secret. It is then taken out whole: what is left of it would not fit its place. */
const secretIn = (decoded: string, scope: Scope): string | null => {
  const within: Scope = { ...scope, digest: () => '', found: [], decodings: scope.decodings + 1 };
  redactText(decoded, '', within);
  return within.found[0]?.rule ?? null;
};
