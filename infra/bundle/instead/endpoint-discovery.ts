/** In place of DynamoDB's discovery of endpoints, which nobody has switched on. */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

const unset = (): undefined => undefined;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: unset,
  configFileSelector: unset,
  default: undefined,
};
