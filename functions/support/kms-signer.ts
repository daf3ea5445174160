import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { verifierKey } from '../../shared/proof/note.ts';
import type { Signer } from '../../shared/seal/archive.ts';
import { clientConfig } from './aws-clients.ts';
import type { Environment } from './environment.ts';

/** KMS answers a SubjectPublicKeyInfo (RFC 8410): twelve bytes that say Ed25519, then the key. */
const publicKeyBytes = 32;
const spkiPrefix = '302a300506032b6570032100';

/**
 * Signs with a key that never leaves KMS: key spec ECC_NIST_EDWARDS25519, algorithm ED25519_SHA_512, the message as it
 * is (AWS KMS Developer Guide, "Key spec reference").
 *
 * @param name the key's name in notes: the origin of the lane
 * @throws the SDK's error when KMS does not answer; TypeError where the key is of another kind
 */
export const kmsSigner = async (environment: Environment, name: string): Promise<Signer> => {
  const client = new KMSClient(clientConfig(environment));
  const KeyId = environment.sealKey.kms;
  const spki = Buffer.from((await client.send(new GetPublicKeyCommand({ KeyId }))).PublicKey ?? []);
  if (spki.subarray(0, -publicKeyBytes).toString('hex') !== spkiPrefix)
    throw new TypeError(`the KMS key ${KeyId} is no Ed25519 key (ECC_NIST_EDWARDS25519)`);
  return {
    key: verifierKey(name, Uint8Array.from(spki.subarray(-publicKeyBytes))),
    sign: async (Message) => {
      const { Signature } = await client.send(
        new SignCommand({ KeyId, Message, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }),
      );
      if (Signature === undefined) throw new Error(`KMS signed nothing with ${KeyId}`);
      return Signature;
    },
  };
};
