/** What a value is, by itself: a secret, a name of one, a mask, an example. */

/** AWS's documentation marks its made-up keys so; they are nobody's. The form counts too: `myEXAMPLE` may be a password. */
export const isDocumented = (secret: string): boolean =>
  /^(?:A[A-Z0-9]{3,12}EXAMPLE|A[KS]IAX{16}|[A-Za-z0-9/+]{30}EXAMPLEKEY|[A-Za-z0-9/+]{24,}EXAMPLE[A-Za-z0-9/+=]*)$/.test(
    secret,
  );

/** A name of a variable, a mask, or what an earlier rule left: there is nothing to take out. */
const isPlaceholder = (value: string): boolean =>
  /^(?:\$\{?[A-Z][A-Z0-9_]*\}?|\$\{[^}]*\}?|\$\([^)]*\)?|\{\{.*|<[^>]*>?|\*+|x{3,}|null|none|true|false|undefined|\[redacted.*|HIDDEN_.*)$/.test(
    value,
  );

const bitsPerCharacter = (text: string): number => {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
};

/** Printable ASCII from the first byte to the last; no chance gives that to a key. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d);

/** A value that says that it is hidden, or is AWS's own example, or names another thing, or nothing at all, stays. */
export const isSecretValue = (value: string): boolean =>
  value.trim() !== '' && !isPlaceholder(value) && !isDocumented(value) && !value.startsWith('arn:');

/** Mixed case, digits, not hex, and as many different characters as chance gives: a key, and no path, digest or text in base64. */
export const looksRandom = (key: string): boolean =>
  [/[a-z]/, /[A-Z]/, /\d/, /[g-zG-Z/+]/].every((has) => has.test(key)) &&
  key.split('/').length <= 5 &&
  bitsPerCharacter(key) > 4.3 &&
  !isText(Buffer.from(key, 'base64'));
