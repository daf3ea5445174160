/** In place of what reads streams as browsers have them: on Node.js the SDK gets none. */
const none = (): never => {
  throw new Error('streams of browsers are not in this bundle: see infra/bundle/slim.ts');
};
export {
  none as collectBlob,
  none as collectReadableStream,
  none as createChecksumStream,
  none as getAwsChunkedEncodingStream,
  none as sdkStreamMixin,
};
