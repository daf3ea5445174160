/** In place of extensions of a client's configuration, of which nobody has one: without any it stays as it is. */
export const resolveRuntimeExtensions = <Config>(config: Config): Config => config;
