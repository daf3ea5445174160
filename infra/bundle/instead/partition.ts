/** In place of the SDK's list of Regions by partition: only rules of where a service is ask for it, and none is in a bundle. */
export const partition = (): never => {
  throw new Error('partitions are not in this bundle: see infra/bundle/slim.ts');
};
export { partition as setPartitionInfo, partition as useDefaultPartitionInfo };

export const getUserAgentPrefix = (): string => '';
