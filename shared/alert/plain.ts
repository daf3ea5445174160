/**
 * What no line of a message may hold: control characters and line ends of any kind, marks that turn the writing direction,
 * tags that nobody sees, and what SNS and SQS do not take.
 */
const unseemly =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\u{e0000}-\u{e007f}]+/gu;

/** Nothing in it is unseemly, and most texts are that: to see it is quicker than to look for what is. */
const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

/**
 * Reasons and names are other people's text: one line of it, in the order in which it was written, and no address that a
 * mail program would make a link of.
 */
export const plain = (text: string): string =>
  (isAscii(text) ? text : text.toWellFormed().replaceAll(unseemly, ' '))
    .replaceAll(/:\/\//g, ': //')
    .replaceAll(/\bwww\./gi, 'www .')
    .trim();

/**
 * What a commit or a pull request says is written by whoever wants to be read here: of it neither a bare name of a host
 * nor an address of mail becomes a link. An invisible space stands in each, so it looks as it was written.
 */
export const foreign = (text: string): string =>
  plain(text)
    .replaceAll(/(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu, '.\u200b')
    .replaceAll('@', '@\u200b');

/** Printable ASCII, as SNS wants it of a subject and a telephone shows it everywhere; what is longer is cut. */
export const ascii = (text: string, atMost: number): string => {
  const shown = plain(text).replaceAll(/[^\x20-\x7e]/g, '?');
  return shown.length <= atMost ? shown : `${shown.slice(0, atMost - 3)}...`;
};

/** Cut at so many bytes. A character that would be cut in half goes as a whole. */
export const cut = (text: string, bytes: number): string => {
  if (text.length * 3 <= bytes) return text; // UTF-8 has no more for each
  const encoded = Buffer.from(text);
  if (encoded.byteLength <= bytes) return text;
  return new TextDecoder().decode(encoded.subarray(0, bytes - 3)).replace(/\ufffd$/, '');
};
