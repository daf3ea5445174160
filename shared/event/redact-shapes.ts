import { anyCase, percentTail, type Shape } from './redact-joints.ts';
import { isValue, type TextRule } from './redact-passwords.ts';
import { isDocumented, looksRandom } from './redact-values.ts';

/** Secrets with a form of their own that is more than a beginning: keys, addresses, headers. */

const { raw } = String;
const rule = (name: string, source: string, over: Partial<TextRule> = {}): TextRule => ({
  name,
  pattern: new RegExp(source, 'g'),
  ...over,
});

export const keys = ({ run }: Shape): TextRule[] => [
  // after `=`, or after the id that belongs to it and was taken out before
  rule(
    'aws-secret-access-key',
    raw`(?:(?<![A-Za-z0-9/+_.:%-])|(?<=\]:))${run('A-Za-z0-9/+', 40, 40)}(?![A-Za-z0-9/+=_:%-]|\.[A-Za-z0-9])`,
    { accepts: (key) => !isDocumented(key) && looksRandom(key) },
  ),
];

/** Of what begins a key in base64 without its PEM lines: PKCS#8 (RSA, EC, Ed25519), PKCS#1, SEC 1, OpenSSH. */
const bareKey =
  '(?:MII[A-Za-z0-9+/]{1,5}IBADANBgkqhkiG9w0BAQEFAASC|MII[A-Za-z0-9+/]{1,5}IBAAKCA|MIG[A-Za-z0-9+/]AgEAMB[A-Za-z0-9+/]GByqGSM49|MC4CAQAwBQYDK2VwBCIEI|MHcCAQEEI|b3BlbnNzaC1rZXktdjE)';

const pemLine = (edge: string): string => raw`-----${edge} [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----`;
const ssh2Line = (edge: string): string => `---- ${edge} SSH2 ENCRYPTED PRIVATE KEY ----`;

export const privateKeys: TextRule[] = [
  rule('private-key', raw`${pemLine('BEGIN')}[\s\S]*?(?:${pemLine('END')}|$)`, { hasLines: true }),
  rule('private-key', raw`${ssh2Line('BEGIN')}[\s\S]*?(?:${ssh2Line('END')}|$)`, { hasLines: true }),
  rule('private-key', raw`PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-(?:MAC|Hash):\s{0,3}[0-9a-f]{40,64}|$)`, {
    hasLines: true,
  }),
  rule('private-key', raw`${bareKey}(?:[A-Za-z0-9+/=]|\\?\r?\n[ \t]{0,40}|\\n)*${percentTail}`),
];

export const addresses = ({ run }: Shape): TextRule[] => [
  // `scheme://user:password@host`; a port and a path (`:8080/a@b`) are not a password
  rule('url-password', raw`:\/\/[^\s:@/"']{0,100}:(?!\d{1,5}\/)(${run(raw`^\s@"'`, 1, 300)})@`, { accepts: isValue }),
  rule('slack-webhook', raw`hooks\.slack\.com\/(?:services|workflows|triggers)\/(${run('A-Za-z0-9/_-', 10, 200)})`),
  rule(
    'discord-webhook',
    raw`discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(\d{10,25}\/${run('A-Za-z0-9_-', 20, 100)})`,
  ),
  rule('teams-webhook', raw`\.office\.com\/webhookb?2?\/(${run('A-Za-z0-9@/_-', 20, 300)})`),
  rule('zapier-webhook', raw`hooks\.zapier\.com\/hooks\/catch\/(${run('A-Za-z0-9/', 8, 60)})`),
  rule(
    'signed-url',
    raw`[?&](?:${anyCase('X-Amz-(?:Signature|Security-Token|Credential)|X-Goog-(?:Signature|Credential)|Signature|sig')})=(${run('A-Za-z0-9%/+=_.-', 8, 4000)})`,
  ),
];

/** A word for the scheme, or what an earlier rule left of the header. */
const isScheme = (value: string): boolean => /^(?:Bearer|Basic|AWS4-HMAC-SHA256|Credential=.*)$/.test(value);

export const headers = ({ run }: Shape): TextRule[] => [
  rule('authorization', raw`(?<![A-Za-z])(?:Bearer|Basic)\s{1,5}(${run('A-Za-z0-9._~+/=-', 12, 4000)})`),
  rule(
    'authorization',
    raw`${anyCase('authorization')}\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?(?:[A-Za-z0-9-]{1,20}\s{1,3})?(${run(raw`^\s"',;\\`, 6, 4000)})`,
    { accepts: (value, found) => isValue(value, found) && !isScheme(value) },
  ),
  rule('authorization', raw`AWS4-HMAC-SHA256[\s\S]{1,600}?Signature=(${run('0-9a-f', 64, 64)})`),
  rule('cookie', raw`(?<![A-Za-z])(?:Set-)?Cookie\\?["']?:\s{1,3}(${run(raw`^\r\n"'`, 8, 4000)})`, {
    accepts: isValue,
  }),
  rule('token', raw`(?<![A-Za-z])(?:X-)?[A-Za-z]{1,30}-Token:\s{0,3}(${run('A-Za-z0-9._~+/=-', 12, 4000)})`, {
    accepts: isValue,
  }),
  rule('docker-auth', raw`"auth\\?"\s{0,3}:\s{0,3}\\?"(${run('A-Za-z0-9+/=', 8, 4000)})`),
];

const url = 'A-Za-z0-9_-';

/** Keys whose mark stands in their middle or at their end. */
export const marked = ({ run, literal }: Shape): TextRule[] => [
  rule(
    'jwt',
    raw`(?<![A-Za-z0-9_-])${literal('eyJ')}${run(url, 8, 800)}${literal(raw`\.`)}${run(url, 8, 8000)}(?:${literal(raw`\.`)}${run(url, 0, 8000)}){0,3}${percentTail}`,
    { accepts: (found) => /\.eyJ/.test(found) || found.split('.').length > 3 },
  ),
  rule(
    'azure-client-secret',
    raw`(?<![A-Za-z0-9_~.-])${run('A-Za-z0-9_~.-', 3, 3)}\dQ~${run('A-Za-z0-9_~.-', 31, 34)}`,
  ),
  rule('telegram-token', raw`(?<![A-Za-z0-9])\d{8,10}:AA${run(url, 33, 33)}(?![A-Za-z0-9_-])`),
  rule(
    'discord-token',
    raw`(?<![A-Za-z0-9_-])[MNO]${run(url, 23, 25)}${literal(raw`\.`)}${run(url, 6, 6)}${literal(raw`\.`)}${run(url, 27, 38)}`,
  ),
  rule('terraform-token', raw`(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.${run('A-Za-z0-9_=-', 60, 80)}`),
  rule('mailgun-key', raw`(?<![A-Za-z0-9-])key-${run('0-9a-f', 32, 32)}(?![A-Za-z0-9])`),
  rule('mailchimp-key', raw`(?<![A-Za-z0-9])${run('0-9a-f', 32, 32)}-us\d{1,2}(?![A-Za-z0-9])`),
  rule(
    'password-hash',
    raw`\$(?:2[abxy]\$\d\d\$${run('./A-Za-z0-9', 53, 53)}|[156y]\$[^\s"'$]{1,60}\$${run(raw`^\s"':$`, 20, 100)}|argon2i?d?\$${run(raw`^\s"'`, 20, 300)})`,
  ),
  rule(
    'integration-key',
    raw`${anyCase('(?:routing|integration|service|license)[_-]?key')}\\?["']?\s{0,5}[:=]\s{0,5}\\?["']?(${run('A-Za-z0-9', 32, 40)})(?![A-Za-z0-9])`,
  ),
];
