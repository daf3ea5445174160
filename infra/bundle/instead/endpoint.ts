type Asked = { Endpoint?: string; Region?: string };
type Endpoint = { url: URL; properties: object; headers: object };

/**
 * Where a service is, in a Region (AWS General Reference, "AWS service endpoints"): as it was told, else by its name. FIPS
 * and dual-stack addresses, and Regions of other partitions than these three, are nobody's here.
 */
export const endpointOf =
  (service: string) =>
  ({ Endpoint: given, Region: region }: Asked): Endpoint => {
    if (given === undefined && region === undefined) throw new Error('Invalid Configuration: Missing Region');
    const url = new URL(given ?? `https://${service}.${region}.${suffixIn(region ?? '')}`);
    return { url, properties: {}, headers: {} };
  };

const suffixIn = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');
