/**
 * Commit messages and reasons are other people's text: no line break, control character or mark that turns the writing
 * direction gets through, and no address that a mail program would make a link of.
 */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/:\/\//g, ': //')
    .replaceAll(/\bwww\./gi, 'www .')
    .trim();

/** Printable ASCII, as SNS wants it of a subject and a telephone shows it everywhere; what is longer is cut. */
export const ascii = (text: string, atMost: number): string => {
  const shown = plain(text).replaceAll(/[^\x20-\x7e]/g, '?');
  return shown.length <= atMost ? shown : `${shown.slice(0, atMost - 3)}...`;
};

/** Cut at so many bytes. A character that would be cut in half goes as a whole. */
export const cut = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text);
  if (encoded.byteLength <= bytes) return text;
  return new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd$/, '');
};
