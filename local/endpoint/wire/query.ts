import { AwsError, type Members } from '../operations.ts';
import type { Protocol } from './call.ts';

/**
 * awsQuery: a form in, XML out (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). A form has no types;
 * the members that are numbers or booleans are known by name, as the same operations are called over JSON as well.
 *
 * @param namespace of the answers, e.g. `http://autoscaling.amazonaws.com/doc/2011-01-01/`
 */
export const awsQuery = (namespace: string): Protocol => ({
  read: ({ body }) => {
    const form = new URLSearchParams(new TextDecoder().decode(body));
    const operation = form.get('Action') ?? '';
    form.delete('Action');
    form.delete('Version');
    return { operation, input: membersOf(form) };
  },
  answer: ({ operation }, output, requestId) =>
    xmlAnswer(
      200,
      `<${operation}Response xmlns="${namespace}"><${operation}Result>${xml(output ?? {})}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
    ),
  refuse: ({ code, message, status }, requestId) =>
    xmlAnswer(
      status,
      `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${escape(code)}</Code><Message>${escape(message)}</Message></Error>` +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
    ),
});

const xmlAnswer = (status: number, body: string) => ({ status, headers: { 'content-type': 'text/xml' }, body });

const numbers = new Set([
  'MaxRecords',
  'MaxSize',
  'MinSize',
  'DesiredCapacity',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'HealthCheckGracePeriod',
  'DefaultCooldown',
  'MinHealthyPercentage',
  'InstanceWarmup',
]);
const booleans = new Set(['ShouldRespectGracePeriod', 'ActionsEnabled', 'IncludeInstances', 'HonorCooldown']);

/** As many as a name may have parts, `A.member.1.B`: deeper than any operation of ours. */
const maxDepth = 12;
const maxFields = 2_000;

/** `AlarmNames.member.1=a` becomes `{ AlarmNames: ['a'] }`; members of lists are numbered from 1. */
const membersOf = (form: URLSearchParams): Members => {
  const root = new Map<string, Node>();
  let count = 0;
  for (const [name, value] of form) {
    const parts = name.split('.');
    if ((count += 1) > maxFields || parts.length > maxDepth)
      throw new AwsError('MalformedQueryString', 'the form has too many fields, or they are nested too deeply');
    place(root, parts, value);
  }
  return structure(root);
};

type Node = string | Map<string, Node>;

const place = (root: Map<string, Node>, parts: string[], value: string): void => {
  let at = root;
  for (const part of parts.slice(0, -1)) {
    const next = at.get(part) ?? new Map<string, Node>();
    if (typeof next === 'string') throw new AwsError('MalformedQueryString', `${parts.join('.')} is given twice`);
    at.set(part, next);
    at = next;
  }
  at.set(parts.at(-1) ?? '', value);
};

const structure = (node: Map<string, Node>): Members =>
  Object.fromEntries([...node].map(([name, value]) => [name, valueOf(name, value)]));

const valueOf = (name: string, node: Node): unknown => {
  if (typeof node === 'string') return typed(name, node);
  const list = node.get('member');
  if (node.size === 1 && list instanceof Map)
    return [...list].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => valueOf(name, item));
  const map = node.get('entry');
  return node.size === 1 && map instanceof Map ? mapOf(map) : structure(node);
};

/** `Attributes.entry.1.key=a` and `...value=b` are a map; so are a `Name` and a `Value` of an older hand. */
const mapOf = (entries: Map<string, Node>): Members =>
  Object.fromEntries(
    [...entries.values()].map((entry) => {
      const { key, value, Name, Value } = entry instanceof Map ? structure(entry) : {};
      return [String(key ?? Name), value ?? Value];
    }),
  );

const typed = (name: string, text: string): unknown => {
  if (numbers.has(name)) return Number(text);
  return booleans.has(name) ? text === 'true' : text;
};

const xml = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map)
    return [...value].map(([key, of]) => `<entry><key>${xml(key)}</key><value>${xml(of)}</value></entry>`).join('');
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (typeof value === 'object' && value !== null) return elements(value);
  return escape(String(value));
};

const elements = (members: object): string =>
  Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `<${name}>${xml(value)}</${name}>`)
    .join('');

/** Text from anywhere, as text in XML 1.0: what that cannot hold at all becomes U+FFFD. */
const escape = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character);

const entities: { [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};
