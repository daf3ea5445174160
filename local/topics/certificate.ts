import { createSign, type KeyObject } from 'node:crypto';

/**
 * A certificate for a public key, signed by its own private key: X.509 version 3, without extensions (RFC 5280, section
 * 4.1). Node reads certificates and writes none.
 *
 * @param keys of RSA
 * @param name the common name of subject and issuer, ASCII
 * @param from when it begins; it ends ten years later
 * @returns PEM
 */
export const selfSigned = (keys: { publicKey: KeyObject; privateKey: KeyObject }, name: string, from: Date): string => {
  const who = sequence(set(sequence(oid(commonName), tagged(0x0c, Buffer.from(name)))));
  const until = new Date(from);
  until.setUTCFullYear(from.getUTCFullYear() + 10);
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial(from)),
    sha256WithRsa,
    who,
    sequence(time(from), time(until)),
    who,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('RSA-SHA256').update(content).sign(keys.privateKey);
  return pem(sequence(content, sha256WithRsa, tagged(0x03, Buffer.concat([Buffer.from([0]), signature]))));
};

/** DER (ITU-T X.690): a tag, the length, the content. */
const tagged = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);

const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.from([0x80 | bytes.length, ...bytes]);
};

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (part: Buffer): Buffer => tagged(0x31, part);
const oid = (bytes: number[]): Buffer => tagged(0x06, Buffer.from(bytes));

/** 2.5.4.3 */
const commonName = [0x55, 0x04, 0x03];
/** 1.2.840.113549.1.1.11, whose parameters are NULL (RFC 4055) */
const sha256WithRsa = sequence(
  oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]),
  tagged(0x05, Buffer.alloc(0)),
);

/** UTCTime, which ends in 2049. */
const time = (at: Date): Buffer =>
  tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));

/** Positive, and of no use to anybody but whoever compares two. */
const serial = (from: Date): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(from.getTime()));
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0));
};

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
