/** What counts as a secret by the name of the field. */

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
  'accountkey',
  'sharedaccesskey',
  'signingkey',
  'token',
  'authorization',
  'credential',
  'credentials',
  'connectionstring',
  'plaintext',
  'cookie',
  'userdata',
  'webhookurl',
];

/** Tokens that only make a call repeatable, or turn a page. */
const harmless =
  /(?:request|client|idempotency|page|pagination|next|continuation|creation|lifecycleaction)token$|^creatorrequestid$/;

/** `DB_PASS`, `db-pass`, `dbPass`; not `bypass`, nor `pass` alone, which is a number of tests. */
const passName = /[a-z0-9](?:[_-]pass|Pass)$|[A-Z0-9]_PASS$/;

/** Whether what a field holds is secret by the field's name alone; the name of the rule, or null. */
export const secretField = (name: string): string | null => {
  // with a line break or a `=` in it, it is a text that somebody keyed by
  if (name.length > 200 || name.length < 3 || /[\n=]/.test(name)) return null;
  const key = plain(name);
  const end = secretEnds.find((ending) => key.endsWith(ending));
  if (end !== undefined) return harmless.test(key) ? null : `field-${end}`;
  return passName.test(name) ? 'field-password' : null;
};

/** What the name of a field says, of its value and of where that stands. */
export type FieldName = {
  /** the rule by which its value is secret; null where the name alone makes it none */
  secret: string | null;
  /** whether its value is that of a pair, whose name stands beside it */
  isPairValue: boolean;
  isBuildEnvironment: boolean;
  /** of a JSON pointer (RFC 6901) */
  segment: string;
};

/** The same names come with every event: what each says is found once. */
const knownNames = new Map<string, FieldName>();
/** Characters of one, and how many of them. */
const longestName = 100;
const namesAtMost = 5_000;

export const fieldName = (name: string): FieldName => {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const said = read(name);
  if (knownNames.size >= namesAtMost) knownNames.clear();
  if (name.length <= longestName) knownNames.set(name, said);
  return said;
};

const read = (name: string): FieldName => ({
  secret: secretField(name),
  isPairValue: name.length <= 20 && valueFields.has(name.toLowerCase()),
  isBuildEnvironment: buildEnvironment.test(name),
  segment: segmentOf(name),
});

/** RFC 6901. */
export const segmentOf = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where a name stands beside its value: `{ name, value }`, CloudFormation's parameters, options, variables. */
const nameFields = [
  'name',
  'Name',
  'key',
  'Key',
  'parameterKey',
  'ParameterKey',
  'optionName',
  'OptionName',
  'variableName',
];

/** The rule for the values of a pair, by its name. */
export const secretPair = (pair: { [field: string]: unknown }): string | null => {
  for (const field of nameFields) {
    const name = Object.hasOwn(pair, field) ? pair[field] : undefined;
    if (typeof name === 'string' && name.trim() !== '') return secretField(name);
  }
  return null;
};

const valueFields = new Set([
  'value',
  'values',
  'resolvedvalue',
  'defaultvalue',
  'default',
  'parametervalue',
  'optionvalue',
  'previousvalue',
]);

/** CodeBuild's own list of variables, in its events, its API and CodePipeline's configuration of a build. */
const buildEnvironment = /^environment-?variables(?:-?override)?$/i;

/** `--password` in a list of arguments: the next one is it. */
export const isSecretFlag = (argument: unknown): boolean =>
  typeof argument === 'string' &&
  /^--?(?:[a-z0-9]{1,20}-){0,4}(?:password|passwd|passphrase|pass|pwd|token|secret|api-?key|access-key|secret-key|storepass|keypass)$/i.test(
    argument,
  );

/** Docker's `auth`: a user and a password in base64. */
export const isBasicAuth = (name: string, value: unknown): boolean =>
  (name === 'auth' || name === '_auth') && typeof value === 'string' && /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value);
