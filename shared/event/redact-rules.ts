/**
 * What counts as a secret, by the name of the field and by the look of the text. Every pattern runs in linear time:
 * it starts at a fixed mark or at a border, and every repetition that could run on is bounded.
 */

/** A rule takes out its first group or, without one, the whole match, where it accepts that as a secret. */
export type TextRule = { name: string; pattern: RegExp; accepts?: (secret: string) => boolean };

/** Shortest text that can hold a secret together with what makes it recognisable, such as `pwd=x`. */
export const shortestText = 5;

/** AWS's documentation marks its made-up keys so; they are nobody's. */
const isDocumented = (secret: string): boolean => /EXAMPLE(?:KEY)?$/.test(secret);

/** A name of a variable, a mask, or what an earlier rule left: there is nothing to take out. */
const isPlaceholder = (value: string): boolean =>
  /^(?:\$\{?[A-Z][A-Z0-9_]*\}?|\$\{[^}]*\}?|\$\([^)]*\)?|\{\{.*|<[^>]*>?|\*+|x{3,}|null|none|true|false|undefined|\[redacted.*|HIDDEN_.*)$/.test(
    value,
  );

const isValue = (value: string): boolean => !isPlaceholder(value) && !isDocumented(value) && !value.startsWith('arn:');

/** Names after which `=` always, and `:` mostly, gives a secret away. */
const secretName =
  'pass(?:word|wd|phrase)|pwd|secret[_-]?access[_-]?key|session[_-]?token|security[_-]?token|api[_-]?key|client[_-]?secret|private[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token';
/** Names that are also words of ordinary sentences: only `=` or quotes make what follows a secret. */
const secretWord = 'secret|token|credentials?|passcode';

const bare = `[^\\s"'\`,;&<>\\\\]{1,500}`;
// closed or not: a text may have been cut off, or be cut off later
const quoted = `"((?:[^"\\\\]|\\\\.){1,4000})`;
const singleQuoted = `'([^']{1,4000})`;
/** JSON inside a text, its quotes escaped. */
const escapedQuoted = `\\\\"([^"\\\\]{1,4000})`;

const assigned = (name: string, separator: string, value: string): RegExp =>
  new RegExp(`(?:${name})\\\\?["']?\\s{0,5}${separator}\\s{0,5}${value}`, 'gi');

export const textRules: TextRule[] = [
  {
    name: 'private-key',
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    name: 'aws-access-key-id',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    accepts: (id) => !isDocumented(id),
  },
  {
    name: 'aws-secret-access-key',
    pattern: /(?<![A-Za-z0-9/+=_.:-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_.:-])/g,
    accepts: (key) => !isDocumented(key) && looksRandom(key),
  },
  {
    name: 'aws-secret-access-key',
    pattern: /(?<==)([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=_.:-])/g,
    accepts: (key) => !isDocumented(key) && looksRandom(key),
  },
  {
    name: 'jwt',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,8000}\.eyJ[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,8000})?/g,
  },
  {
    name: 'github-token',
    pattern: /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  },
  { name: 'gitlab-token', pattern: /(?<![A-Za-z0-9_-])glpat-[A-Za-z0-9_-]{16,255}/g },
  { name: 'slack-token', pattern: /(?<![A-Za-z0-9-])xox[abeoprs]-[A-Za-z0-9-]{10,255}/g },
  { name: 'slack-webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/([A-Za-z0-9/_-]{10,200})/g },
  { name: 'npm-token', pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{30,60}/g },
  { name: 'stripe-key', pattern: /(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{16,255}/g },
  { name: 'google-api-key', pattern: /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}/g },
  // `scheme://user:password@host`; a port and a path (`:8080/a@b`) are not a password
  { name: 'url-password', pattern: /:\/\/[^\s:@/"']{0,100}:(?!\d{1,5}\/)([^\s@"']{1,300})@/g, accepts: isValue },
  { name: 'signed-url', pattern: /[?&]X-Amz-(?:Signature|Security-Token|Credential)=([A-Za-z0-9%/+=_.-]{8,4000})/gi },
  { name: 'authorization', pattern: /(?<![A-Za-z])(?:Bearer|Basic)\s{1,5}([A-Za-z0-9._~+/=-]{12,4000})/g },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, '(?:=>|:=|=)', quoted), accepts: isValue },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, '(?:=>|:=|=)', singleQuoted), accepts: isValue },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, '(?:=>|:=|=)', `(${bare})`), accepts: isValue },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, ':', quoted), accepts: isValue },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, ':', escapedQuoted), accepts: isValue },
  { name: 'password', pattern: assigned(`${secretName}|${secretWord}`, ':', singleQuoted), accepts: isValue },
  { name: 'password', pattern: assigned(secretName, ':', `(${bare})`), accepts: isValue },
  {
    name: 'password',
    pattern: /--(?:password|passwd|token|secret|api-key)\s{1,5}([^\s"'`,;&<>-][^\s"'`,;&<>]{0,500})/gi,
    accepts: isValue,
  },
];

/** Mixed case, digits, not hex, and as many different characters as chance gives: a key, and no path or digest. */
const looksRandom = (key: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/, /[g-zG-Z/+]/].every((has) => has.test(key)) &&
  key.split('/').length <= 5 &&
  bitsPerCharacter(key) > 4.3;

const bitsPerCharacter = (text: string): number => {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
};

/** Letters and digits only, in lower case: `client-secret`, `clientSecret` and `CLIENT_SECRET` are one name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const secretEnds = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'secretstring',
  'secretbinary',
  'secretkey',
  'secretaccesskey',
  'accesskeyid',
  'privatekey',
  'privatekeymaterial',
  'keymaterial',
  'apikey',
  'token',
  'authorization',
  'credential',
  'credentials',
  'connectionstring',
  'plaintext',
  'cookie',
  'userdata',
];

/** Tokens that only make a call repeatable, or turn a page. */
const harmless =
  /(?:request|client|idempotency|page|pagination|next|continuation|creation|lifecycleaction)token$|^creatorrequestid$/;

/** Whether what a field holds is secret by the field's name alone; the name of the rule, or null. */
export const secretField = (name: string): string | null => {
  if (name.length > 200) return null;
  const key = plain(name);
  if (harmless.test(key)) return null;
  const end = secretEnds.find((ending) => key.endsWith(ending));
  return end === undefined ? null : `field-${end}`;
};

/** A value that says that it is hidden, or is AWS's own example, or nothing at all, stays. */
export const isSecretValue = (value: string): boolean => value.trim() !== '' && isValue(value);
