export const CONFIG_PREFIX_SEPARATOR = '.';

/** In place of `~/.aws`: a function has none, and would look for it at every start. */
export const loadSharedConfigFiles = () => Promise.resolve({ configFile: {}, credentialsFile: {} });
