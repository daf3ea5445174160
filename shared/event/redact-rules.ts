import { broken, mayBeBroken, type Shape, unbroken, withoutJoints } from './redact-joints.ts';
import { commands, passwords, type TextRule } from './redact-passwords.ts';
import { addresses, headers, keys, marked, privateKeys } from './redact-shapes.ts';
import { brokenTokenPattern, tokenPattern, tokenRule } from './redact-tokens.ts';
import { isDocumented } from './redact-values.ts';

/**
 * What counts as a secret by the look of a text. Every pattern runs in linear time: it starts at a fixed mark or at a
 * border, and every repetition that could run on is bounded.
 */

/** Rules that are worth trying only on a text in which `mayHold` is found, and that is no shorter than `shortest`. */
type RuleSet = { mayHold?: RegExp; shortest?: number; rules: TextRule[] };

/** In this order: what is surest of its kind comes first, and what it took out is not looked at again. */
const rulesOf = (shape: Shape, tokens: RegExp): RuleSet[] => [
  { mayHold: /PRIVATE KEY|PuTTY-|MII|MIG|MC4CAQ|MHcCAQ|b3Blbn/, rules: privateKeys },
  { rules: [{ name: tokenRule, pattern: tokens, accepts: (key) => !isDocumented(key) }] },
  { mayHold: /eyJ|Q~|:AA|\.|key-|-us\d|\$[1256ya]|[_-]?key/i, rules: marked(shape) },
  { mayHold: /[A-Za-z0-9/+\\\s]{40}/, shortest: 40, rules: keys(shape) },
  { mayHold: /:\/\/|hooks|\.com\/|[?&]/, rules: addresses(shape) },
  { mayHold: /bearer|basic|auth|cookie|-token|AWS4/i, rules: headers(shape) },
  { mayHold: /pass|pwd|secret|token|key|credential|auth|signature|identified/i, rules: passwords(shape) },
  { mayHold: /\s-(?:p|a|u|pass)|--user|\bhtpasswd|chpasswd/, rules: commands(shape) },
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
  for (const { mayHold, shortest = 0, rules } of mayBeBroken(text) ? brokenRules : lineRules) {
    if (clean.length < shortest || (mayHold !== undefined && !mayHold.test(clean))) continue;
    for (const rule of rules) clean = replaced(clean, rule, takeOut);
  }
  return clean;
};

const replaced = (text: string, rule: TextRule, takeOut: (secret: string, rule: string) => string): string => {
  const { name, pattern, accepts = () => true, hasLines = false } = rule;
  return text.replace(pattern, (match: string, ...groups: unknown[]) => {
    const found = groups.find((group): group is string => typeof group === 'string' && group !== text) ?? match;
    const secret = hasLines ? found : withoutJoints(found);
    if (!accepts(secret, found)) return match;
    const from = match.lastIndexOf(found);
    const mark = takeOut(secret, typeof name === 'string' ? name : name(secret));
    return match.slice(0, from) + mark + match.slice(from + found.length);
  });
};
