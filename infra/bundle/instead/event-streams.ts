/** In place of the SDK's event streams: no call of ours has one, and a client that is never asked for one needs none. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

export const eventStreamSerdeProvider = (): never => {
  throw new Error('event streams are not in this bundle');
};

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
