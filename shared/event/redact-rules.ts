import { bitsPerCharacter, isDocumented, isPlaceholder, isText } from './redact-values.ts';
import { broken, mayBeBroken, type Shape, unbroken, withoutJoints } from './redact-joints.ts';
import { brokenTokenPattern, tokenPattern, tokenRule } from './redact-tokens.ts';

/**
 * What counts as a secret by the look of a text. Every pattern runs in linear time: it starts at a fixed mark or at a
 * border, and every repetition that could run on is bounded.
 */

/** A rule takes out its first group that matched or, without one, the whole match, where it accepts that as a secret. */
type TextRule = {
  name: string | ((match: string) => string);
  pattern: RegExp;
  accepts?: (secret: string) => boolean;
  /** its line breaks belong to it */
  hasLines?: boolean;
};

/** Rules that are worth trying only on a text in which `mayHold` is found. */
type RuleSet = { mayHold?: RegExp; rules: TextRule[] };

const isValue = (value: string): boolean => !isPlaceholder(value) && !isDocumented(value) && !value.startsWith('arn:');

/** Names after which `=` always, and `:` mostly, gives a secret away. */
const secretName = [
  'pass(?:word|wd|phrase)|pwd|(?<=[_-])pass',
  'secret[_-]?(?:access[_-]?)?key|api[_-]?(?:key|secret)|app[_-]?key|account[_-]?key|(?:shared[_-]?)?access[_-]?key(?![_-]?id)',
  'private[_-]?key|signing[_-]?(?:key|secret)|client[_-]?secret|webhook[_-]?secret|shared[_-]?secret|app[_-]?secret',
  '(?:session|security|access|auth|refresh|bearer|private|vault|bot|deploy|registry|id)[_-]?token|_auth|shared[_-]?access[_-]?signature',
].join('|');

/**
 * Names that are also words of ordinary sentences: only `=` or quotes make what follows a secret. A token that makes
 * a call repeatable, or turns a page, is none.
 */
const secretWord =
  'secret|token(?<!(?:request|client|idempotency|page|pagination|next|continuation|creation|action)[_-]?token)|credentials?|passcode';

const anyName = `${secretName}|${secretWord}`;

const bare = '[^\\s"\'`,;&<>\\\\]{1,500}';
// closed or not: a text may have been cut off, or be cut off later
const quoted = `"((?:[^"\\\\]|\\\\.){1,4000})`;
const singleQuoted = `'([^']{1,4000})`;
/** JSON inside a text, its quotes escaped. */
const escapedQuoted = `\\\\"([^"\\\\]{1,4000})`;
const anyQuoted = `${quoted}|${singleQuoted}|${escapedQuoted}`;

const assigned = (name: string, separator: string, value: string): RegExp =>
  new RegExp(`(?:${name})\\\\?["']?\\s{0,5}${separator}\\s{0,5}(?:${value})`, 'gi');

const passwords = ({ more }: Shape): TextRule[] => [
  { name: 'password', pattern: assigned(anyName, '(?:=>|:=|=)', `${anyQuoted}|(${bare}${more})`), accepts: isValue },
  { name: 'password', pattern: assigned(anyName, ':', anyQuoted), accepts: isValue },
  { name: 'password', pattern: assigned(secretName, ':', `(${bare}${more})`), accepts: isValue },
  {
    name: 'password',
    pattern: new RegExp(
      `(?<![A-Za-z0-9])--?(?:[a-z0-9]{1,20}-){0,4}(?:password|passwd|passphrase|pass|pwd|token|secret|api-key|access-key|secret-key|storepass|keypass)` +
        `\\s{1,5}(?:${quoted}|${singleQuoted}|([^\\s"'\`,;&<>\\\\-]${bare}${more}))`,
      'gi',
    ),
    accepts: isValue,
  },
  {
    name: 'password',
    pattern: /<(?:[a-z0-9]{1,20}[_-]?)?(?:password|passwd|secret|token|api-?key)>([^<]{1,500})</gi,
    accepts: isValue,
  },
  // SQL: `IDENTIFIED BY 'x'`, `WITH PASSWORD 'x'`
  { name: 'password', pattern: /\b(?:identified\s{1,5}by|password)\s{1,5}'([^']{1,500})'/gi, accepts: isValue },
  // .netrc
  { name: 'password', pattern: /\blogin\s{1,5}\S{1,200}\s{1,5}password\s{1,5}(\S{1,500})/gi, accepts: isValue },
];

/** Passwords on command lines of tools that have their own way of being told one. */
const commands: TextRule[] = [
  {
    name: 'password',
    pattern: /\b(?:mysql(?:dump|admin)?|mariadb|sshpass)\b[^\n|;&]{0,200}?\s-p\s?["']?([^\s"'-][^\s"']{0,200})/g,
    accepts: isValue,
  },
  {
    name: 'password',
    pattern:
      /\b(?:docker|podman|helm|az|oc|skopeo)\b[^\n|;&]{0,200}?\slogin\b[^\n|;&]{0,200}?\s-p\s{1,5}["']?([^\s"'-][^\s"']{0,4000})/g,
    accepts: isValue,
  },
  {
    name: 'password',
    pattern: /\bredis-cli\b[^\n|;&]{0,200}?\s-a\s{1,5}["']?([^\s"'-][^\s"']{0,200})/g,
    accepts: isValue,
  },
  {
    name: 'password',
    pattern: /\b(?:curl|http)\b[^\n|;&]{0,500}?\s(?:-u|--user)[\s=]{0,3}["']?[^\s:"']{1,100}:([^\s"']{1,300})/g,
    accepts: isValue,
  },
  { name: 'password', pattern: /-pass(?:in|out)?\s{1,5}["']?pass:([^\s"']{1,300})/g, accepts: isValue },
  {
    name: 'password',
    pattern:
      /\bhtpasswd\s[^\n|;&]{0,100}?-[a-zA-Z]{0,5}b[a-zA-Z]{0,5}\s{1,5}(?:\S{1,200}\s{1,5}){1,2}?([^\s"']{1,200})(?=\s|$)/g,
    accepts: isValue,
  },
  {
    name: 'password',
    pattern: /\becho\s{1,5}["']?[a-z0-9_-]{1,32}:([^\s"'|]{1,200})["']?\s{0,5}\|\s{0,5}(?:sudo\s{1,5})?chpasswd/g,
    accepts: isValue,
  },
];

const keys = ({ run }: Shape): TextRule[] => [
  {
    name: 'aws-secret-access-key',
    // after `=`, or after the id that belongs to it and was taken out before
    pattern: new RegExp(
      `(?:(?<![A-Za-z0-9/+_.:-])|(?<=\\]:))${run('A-Za-z0-9/+', 40, 40)}(?![A-Za-z0-9/+=_:-]|\\.[A-Za-z0-9])`,
      'g',
    ),
    accepts: (key) => !isDocumented(key) && looksRandom(key),
  },
];

/** Of what begins a key in base64 without its PEM lines: PKCS#8 (RSA, EC, Ed25519), PKCS#1, SEC 1, OpenSSH. */
const bareKey =
  '(?:MII[A-Za-z0-9+/]{1,5}IBADANBgkqhkiG9w0BAQEFAASC|MII[A-Za-z0-9+/]{1,5}IBAAKCA|MIG[A-Za-z0-9+/]AgEAMB[A-Za-z0-9+/]GByqGSM49|MC4CAQAwBQYDK2VwBCIEI|MHcCAQEEI|b3BlbnNzaC1rZXktdjE)';

const privateKeys: TextRule[] = [
  {
    name: 'private-key',
    hasLines: true,
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    name: 'private-key',
    hasLines: true,
    pattern: /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----[\s\S]*?(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----|$)/g,
  },
  {
    name: 'private-key',
    hasLines: true,
    pattern: /PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-(?:MAC|Hash):\s{0,3}[0-9a-f]{40,64}|$)/g,
  },
  { name: 'private-key', pattern: new RegExp(`${bareKey}(?:[A-Za-z0-9+/=]|\\\\?\\r?\\n[ \\t]{0,40}|\\\\n)*`, 'g') },
];

const addresses: TextRule[] = [
  // `scheme://user:password@host`; a port and a path (`:8080/a@b`) are not a password
  { name: 'url-password', pattern: /:\/\/[^\s:@/"']{0,100}:(?!\d{1,5}\/)([^\s@"']{1,300})@/g, accepts: isValue },
  { name: 'slack-webhook', pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{10,200})/g },
  {
    name: 'discord-webhook',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(\d{10,25}\/[A-Za-z0-9_-]{20,100})/g,
  },
  { name: 'teams-webhook', pattern: /\.office\.com\/webhookb?2?\/([A-Za-z0-9@/_-]{20,300})/g },
  { name: 'zapier-webhook', pattern: /hooks\.zapier\.com\/hooks\/catch\/([A-Za-z0-9/]{8,60})/g },
  {
    name: 'signed-url',
    pattern:
      /[?&](?:X-Amz-(?:Signature|Security-Token|Credential)|X-Goog-(?:Signature|Credential)|Signature|sig)=([A-Za-z0-9%/+=_.-]{8,4000})/gi,
  },
];

const headers: TextRule[] = [
  { name: 'authorization', pattern: /(?<![A-Za-z])(?:Bearer|Basic)\s{1,5}([A-Za-z0-9._~+/=-]{12,4000})/g },
  {
    name: 'authorization',
    pattern: /authorization\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?(?:[A-Za-z0-9-]{1,20}\s{1,3})?([^\s"',;\\]{6,4000})/gi,
    accepts: (value) => isValue(value) && !/^(?:Bearer|Basic|AWS4-HMAC-SHA256|Credential=.*)$/.test(value),
  },
  { name: 'authorization', pattern: /AWS4-HMAC-SHA256[\s\S]{1,600}?Signature=([0-9a-f]{64})/g },
  { name: 'cookie', pattern: /(?<![A-Za-z])(?:Set-)?Cookie\\?["']?:\s{1,3}([^\r\n"']{8,4000})/g, accepts: isValue },
  {
    name: 'token',
    pattern: /(?<![A-Za-z])(?:X-)?[A-Za-z]{1,30}-Token:\s{0,3}([A-Za-z0-9._~+/=-]{12,4000})/g,
    accepts: isValue,
  },
  { name: 'docker-auth', pattern: /"auth\\?"\s{0,3}:\s{0,3}\\?"([A-Za-z0-9+/=]{8,4000})/g },
];

/** Keys whose mark stands in their middle or at their end. */
const marked = ({ run, literal }: Shape): TextRule[] => [
  {
    name: 'jwt',
    pattern: new RegExp(
      `(?<![A-Za-z0-9_-])${literal('eyJ')}${run('A-Za-z0-9_-', 8, 8000)}${literal('\\.')}${run('A-Za-z0-9_=-', 8, 8000)}(?:${literal('\\.')}${run('A-Za-z0-9_-', 0, 8000)}){0,3}`,
      'g',
    ),
    accepts: (found) => /\.eyJ/.test(found) || found.split('.').length > 3,
  },
  { name: 'azure-client-secret', pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/g },
  {
    name: 'telegram-token',
    pattern: new RegExp(`(?<![A-Za-z0-9])\\d{8,10}:AA${run('A-Za-z0-9_-', 33, 33)}(?![A-Za-z0-9_-])`, 'g'),
  },
  {
    name: 'discord-token',
    pattern: /(?<![A-Za-z0-9_-])[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}/g,
  },
  { name: 'terraform-token', pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}/g },
  { name: 'mailgun-key', pattern: new RegExp(`(?<![A-Za-z0-9-])key-${run('0-9a-f', 32, 32)}(?![A-Za-z0-9])`, 'g') },
  {
    name: 'mailchimp-key',
    pattern: new RegExp(`(?<![A-Za-z0-9])${run('0-9a-f', 32, 32)}-us\\d{1,2}(?![A-Za-z0-9])`, 'g'),
  },
  {
    name: 'password-hash',
    pattern:
      /\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$[^\s"'$]{1,60}\$[^\s"':$]{20,100}|argon2i?d?\$[^\s"']{20,300})/g,
  },
  {
    name: 'integration-key',
    pattern:
      /(?:routing|integration|service|license)[_-]?key\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?([A-Za-z0-9]{32,40})(?![A-Za-z0-9])/gi,
  },
];

/** In this order: what is surest of its kind comes first, and what it took out is not looked at again. */
const rulesOf = (shape: Shape, tokens: RegExp): RuleSet[] => [
  { mayHold: /PRIVATE KEY|PuTTY-|MII|MIG|MC4CAQ|MHcCAQ|b3Blbn/, rules: privateKeys },
  { rules: [{ name: tokenRule, pattern: tokens, accepts: (key) => !isDocumented(key) }] },
  { mayHold: /eyJ|Q~|:AA|\.|key-|-us\d|\$[1256ya]|[_-]?key/i, rules: marked(shape) },
  { mayHold: /[A-Za-z0-9/+\\\s]{40}/, rules: keys(shape) },
  { mayHold: /:\/\/|hooks|\.com\/|[?&]/, rules: addresses },
  { mayHold: /bearer|basic|auth|cookie|-token|AWS4/i, rules: headers },
  { mayHold: /pass|pwd|secret|token|key|credential|auth|signature|identified/i, rules: passwords(shape) },
  { mayHold: /\s-(?:p|a|u|pass)|--user|\bhtpasswd|chpasswd/, rules: commands },
];

const lineRules = rulesOf(unbroken, tokenPattern);
const brokenRules = rulesOf(broken, brokenTokenPattern);

/**
 * A text without the secrets that are seen in it as it stands, broken by a line or not.
 *
 * @param takeOut what to put in the place of a secret (given without the line breaks in it) under a rule
 */
export const replaceSecrets = (text: string, takeOut: (secret: string, rule: string) => string): string => {
  let clean = text;
  for (const { mayHold, rules } of mayBeBroken(text) ? brokenRules : lineRules) {
    if (mayHold !== undefined && !mayHold.test(clean)) continue;
    for (const rule of rules) clean = replaced(clean, rule, takeOut);
  }
  return clean;
};

const replaced = (text: string, rule: TextRule, takeOut: (secret: string, rule: string) => string): string => {
  const { name, pattern, accepts = () => true, hasLines = false } = rule;
  return text.replace(pattern, (match: string, ...groups: unknown[]) => {
    const found = groups.find((group): group is string => typeof group === 'string' && group !== text) ?? match;
    const secret = hasLines ? found : withoutJoints(found);
    if (!accepts(secret)) return match;
    const from = match.lastIndexOf(found);
    const mark = takeOut(secret, typeof name === 'string' ? name : name(secret));
    return match.slice(0, from) + mark + match.slice(from + found.length);
  });
};

/** Mixed case, digits, not hex, and as many different characters as chance gives: a key, and no path, digest or text in base64. */
const looksRandom = (key: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/, /[g-zG-Z/+]/].every((has) => has.test(key)) &&
  key.split('/').length <= 5 &&
  bitsPerCharacter(key) > 4.3 &&
  !isText(Buffer.from(key, 'base64'));
