import { AwsError } from '../operations.ts';
import type { Protocol } from './call.ts';
import { parseJson } from './json.ts';

/** Where an operation is found: the method, and a path whose `{Member}` parts are members of the request. */
export type RestRoute = { operation: string; method: string; path: string; status?: number };

/**
 * restJson1: the operation by method and path, members in the path, the query and a JSON body
 * (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).
 */
export const restJson = (routes: RestRoute[]): Protocol => ({
  read: ({ method, path, body }) => {
    const url = new URL(path, 'http://localhost');
    for (const route of routes) {
      const inPath = route.method === method ? membersIn(route.path, url.pathname) : null;
      if (inPath === null) continue;
      return {
        operation: route.operation,
        input: { ...Object.fromEntries(url.searchParams), ...parseJson(body), ...inPath },
      };
    }
    return { operation: `${method} ${url.pathname}`, input: {} };
  },
  answer: ({ operation }, output) => ({
    status: routes.find((route) => route.operation === operation)?.status ?? 200,
    headers,
    body: JSON.stringify(output ?? {}),
  }),
  refuse: ({ code, message, status }) => ({
    status,
    headers: { ...headers, 'x-amzn-errortype': code },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message }),
  }),
});

const headers = { 'content-type': 'application/json' };

const membersIn = (template: string, path: string): { [member: string]: string } | null => {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const members: { [member: string]: string } = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) members[part.slice(1, -1)] = decoded(value);
    else if (part !== value) return null;
  }
  return members;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('InvalidParameterValueException', 'the path of the request is not well formed');
  }
};

const functions = '/2015-03-31/functions';
const aliases = `${functions}/{FunctionName}/aliases`;

/** The operations of Lambda that there are here. */
export const lambdaRoutes: RestRoute[] = [
  { operation: 'GetAccountSettings', method: 'GET', path: '/2016-08-19/account-settings' },
  { operation: 'CreateFunction', method: 'POST', path: functions, status: 201 },
  { operation: 'PublishVersion', method: 'POST', path: `${functions}/{FunctionName}/versions`, status: 201 },
  { operation: 'ListVersionsByFunction', method: 'GET', path: `${functions}/{FunctionName}/versions` },
  { operation: 'CreateAlias', method: 'POST', path: aliases, status: 201 },
  { operation: 'GetAlias', method: 'GET', path: `${aliases}/{Name}` },
  { operation: 'UpdateAlias', method: 'PUT', path: `${aliases}/{Name}` },
];
