/** In place of what is only made where we would have it so: hashes without Node.js, and retries that adapt. */
class Unused {
  constructor() {
    throw new Error('this part of the SDK is not in the bundle: see infra/bundle/slim.ts');
  }
}

export {
  Unused as CreateSessionCommand,
  Unused as DefaultRateLimiter,
  Unused as Md5Js,
  Unused as Sha1Js,
  Unused as Sha256Js,
};
