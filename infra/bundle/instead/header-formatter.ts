/** In place of what signs events of a stream: each signer makes one of these, and no call of ours has a stream. */
export class HeaderFormatter {
  format(): never {
    throw new Error('event streams are not in this bundle: see infra/bundle/slim.ts');
  }
}
