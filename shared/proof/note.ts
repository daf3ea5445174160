import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base64Of, fromBase64, fromHex, hexOf, utf8 } from './bytes.ts';

/**
 * Checkpoints (c2sp.org/tlog-checkpoint) as signed notes (c2sp.org/signed-note), Ed25519, type 0x01. Ours have one
 * signature line and no extension lines; the origin is the key's name.
 */
export type Checkpoint = { origin: string; size: number; /** hex */ root: string };

/** A public key, as a line of text: `<name>+<key id>+<base64 of 0x01 and the key>`. */
export type VerifierKey = { name: string; /** 8 hex digits */ id: string; publicKey: Uint8Array };

/** Signs bytes: KMS on AWS, a key file on one machine. */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

const ed25519Type = 0x01;
const keyBytes = 32;
const signatureBytes = 64;
const idBytes = 4;
/** Longer notes are not read. */
export const noteLimit = 64 * 1024;

/** The key id as the standard recommends it: SHA-256(name || 0x0A || 0x01 || public key), its first four bytes. */
const keyIdOf = (name: string, publicKey: Uint8Array): string =>
  hexOf(sha256(joined(utf8(`${name}\n`), Uint8Array.of(ed25519Type), publicKey)).subarray(0, idBytes));

const joined = (...parts: Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** The key of a log. Throws TypeError where the name has a space or a plus, or the key is not 32 bytes. */
export const verifierKey = (name: string, publicKey: Uint8Array): VerifierKey => {
  if (!/^[^\s+]+$/u.test(name)) throw new TypeError(`${JSON.stringify(name)} cannot name a key: no spaces, no plus`);
  if (publicKey.length !== keyBytes) throw new TypeError(`an Ed25519 public key has ${keyBytes} bytes`);
  return { name, id: keyIdOf(name, publicKey), publicKey };
};

/** The line that a key file holds, without its newline. */
export const writeKey = ({ name, id, publicKey }: VerifierKey): string =>
  `${name}+${id}+${base64Of(joined(Uint8Array.of(ed25519Type), publicKey))}`;

/** Reads a key file. Null where it holds no such key, or one whose id is not its own. */
export const readKey = (text: string): VerifierKey | null => {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\s*$/u.exec(text) ?? [];
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (name === undefined || bytes?.length !== keyBytes + 1 || bytes[0] !== ed25519Type) return null;
  const key = verifierKey(name, bytes.subarray(1));
  return key.id === id ? key : null;
};

const textOf = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${base64Of(fromHex(root))}\n`;

/** Signs a checkpoint in the name of its origin. */
export const signCheckpoint = async (checkpoint: Checkpoint, key: VerifierKey, sign: Sign): Promise<string> => {
  const text = textOf(checkpoint);
  const signature = await sign(utf8(text));
  return write(text, key.name, key.id, signature);
};

const write = (text: string, name: string, id: string, signature: Uint8Array): string =>
  `${text}\n— ${name} ${base64Of(joined(fromHex(id), signature))}\n`;

/** What a note says, and who says it, before anybody believes it. */
export type Note = { checkpoint: Checkpoint; text: string; name: string; id: string; signature: Uint8Array };

const shape = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n\n— ([^\s+]+) ([A-Za-z0-9+/]+=*)\n$/u;

/** Reads a checkpoint as we write it: exactly one text for what it says. Null for anything else. */
export const readNote = (note: string): Note | null => {
  const [, origin = '', size = '', root = '', name = '', line = ''] = shape.exec(note) ?? [];
  const [hash, signed] = [fromBase64(root), fromBase64(line)];
  if (hash?.length !== keyBytes || signed?.length !== idBytes + signatureBytes || origin !== name) return null;
  const checkpoint = { origin, size: Number(size), root: hexOf(hash) };
  const [id, signature] = [hexOf(signed.subarray(0, idBytes)), signed.subarray(idBytes)];
  const text = textOf(checkpoint);
  return write(text, name, id, signature) === note ? { checkpoint, text, name, id, signature } : null;
};

export type Signed = 'good' | 'by another key' | 'bad signature';

/** Whether this key signed the note. */
export const signedBy = (note: Note, key: VerifierKey): Signed => {
  if (note.name !== key.name || note.id !== key.id) return 'by another key';
  return isSignature(note.signature, utf8(note.text), key.publicKey) ? 'good' : 'bad signature';
};

/** RFC 8032, strictly: no second signature can be made from the first. */
const isSignature = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // a key or a signature that is no point of the curve
  }
};
