import { anyCase, firstLine, type Shape } from './redact-joints.ts';
import { isSecretValue } from './redact-values.ts';

/** A rule takes out its first group that matched or, without one, the whole match, where it accepts that as a secret. */
export type TextRule = {
  name: string | ((match: string) => string);
  pattern: RegExp;
  accepts?: (secret: string, found: string) => boolean;
  /** its line breaks belong to it */
  hasLines?: boolean;
};

/** Secrets of no form of their own: what stands before them says what they are. */

/** Of a value that goes on in the next line the first one says whether it is one. */
export const isValue = (secret: string, found: string): boolean =>
  isSecretValue(secret) && isSecretValue(firstLine(found));

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

const flagName = 'password|passwd|passphrase|pass|pwd|token|secret|api-key|access-key|secret-key|storepass|keypass';

const assigned = (name: string, separator: string, value: string): RegExp =>
  new RegExp(`(?:${anyCase(name)})\\\\?["']?\\s{0,5}${separator}\\s{0,5}(?:${value})`, 'g');

export const passwords = ({ more }: Shape): TextRule[] => [
  { name: 'password', pattern: assigned(anyName, '(?:=>|:=|=)', `${anyQuoted}|(${bare}${more})`), accepts: isValue },
  { name: 'password', pattern: assigned(anyName, ':', anyQuoted), accepts: isValue },
  { name: 'password', pattern: assigned(secretName, ':', `(${bare}${more})`), accepts: isValue },
  {
    name: 'password',
    pattern: new RegExp(
      `(?<![A-Za-z0-9])--?(?:[A-Za-z0-9]{1,20}-){0,4}(?:${anyCase(flagName)})` +
        `\\s{1,5}(?:${quoted}|${singleQuoted}|([^\\s"'\`,;&<>\\\\-]${bare}${more}))`,
      'g',
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

const { raw } = String;
const told = (source: string): TextRule => ({ name: 'password', pattern: new RegExp(source, 'g'), accepts: isValue });
/** The rest of a command, up to where another one may begin. */
const arguments_ = raw`[^\n|;&]{0,200}?`;

/** Passwords on command lines of tools that have their own way of being told one. */
export const commands = ({ more }: Shape): TextRule[] => [
  told(raw`\b(?:mysql(?:dump|admin)?|mariadb|sshpass)\b${arguments_}\s-p\s?["']?([^\s"'-][^\s"']{0,200}${more})`),
  told(
    raw`\b(?:docker|podman|helm|az|oc|skopeo)\b${arguments_}\slogin\b${arguments_}\s-p\s{1,5}["']?([^\s"'-][^\s"']{0,4000}${more})`,
  ),
  told(raw`\bredis-cli\b${arguments_}\s-a\s{1,5}["']?([^\s"'-][^\s"']{0,200}${more})`),
  told(raw`\b(?:curl|http)\b[^\n|;&]{0,500}?\s(?:-u|--user)[\s=]{0,3}["']?[^\s:"']{1,100}:([^\s"']{1,300}${more})`),
  told(raw`-pass(?:in|out)?\s{1,5}["']?pass:([^\s"']{1,300}${more})`),
  told(
    raw`\bhtpasswd\s[^\n|;&]{0,100}?-[a-zA-Z]{0,5}b[a-zA-Z]{0,5}\s{1,5}\S{1,200}\s{1,5}\S{1,200}\s{1,5}([^\s"']{1,200}${more})`,
  ),
  told(raw`\becho\s{1,5}["']?[a-z0-9_-]{1,32}:([^\s"'|]{1,200})["']?\s{0,5}\|\s{0,5}(?:sudo\s{1,5})?chpasswd`),
];
