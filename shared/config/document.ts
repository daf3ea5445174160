import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Path } from './mistake.ts';
import { checkNodes, type NodeMistake, offsetOfNode } from './nodes.ts';

/** A YAML text, read: its value, what is wrong with the text itself, and where each value stands. */
export type ReadDocument = {
  /** undefined when nothing can be said of the content */
  value: unknown;
  mistakes: NodeMistake[];
  /** offset from which on the text could not be followed; Infinity when all of it could */
  readableTo: number;
  /** offset of the value, or of its key, that a path leads to, or of what is nearest before it */
  offsetOf: (path: Path, at: 'key' | 'value') => number;
  /** line and column, both from 1 */
  positionOf: (offset: number) => { line: number; column: number };
};

/**
 * Reads YAML 1.2 strictly. Names that stand twice are looked for by us: the library compares each with each, which
 * takes minutes for a file that is one long mapping.
 */
export const readDocument = (text: string): ReadDocument => {
  const lineCounter = new LineCounter();
  const positionOf = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, { lineCounter, strict: true, uniqueKeys: false, prettyErrors: false });
  const syntax = tellingErrors([...document.errors, ...document.warnings], positionOf).map(syntaxMistake);
  const pairs: Pairs = new WeakMap();
  const nodes = checkNodes(document.contents);
  const { value, mistakes } = nodes.some(({ fatal }) => fatal) ? unread : valueOf(document);
  return {
    value,
    mistakes: [...syntax, ...nodes, ...mistakes],
    readableTo: Math.min(Infinity, ...document.errors.map(startOf)),
    offsetOf: (path, at) => offsetOf(document, pairs, path, at),
    positionOf,
  };
};

const unread: { value: unknown; mistakes: NodeMistake[] } = { value: undefined, mistakes: [] };

const startOf = ({ pos }: YAMLError): number => pos[0];

/**
 * One slip makes the parser stumble many times: on a line the first stumble says what it is, and where tabs indent,
 * all else comes of them.
 */
const tellingErrors = (errors: YAMLError[], positionOf: ReadDocument['positionOf']): YAMLError[] => {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const lines = new Set<number>();
  return (tabs.length > 0 ? tabs : errors).filter((error) => {
    const { line } = positionOf(startOf(error));
    return lines.has(line) ? false : lines.add(line);
  });
};

const syntaxMistake = (error: YAMLError): NodeMistake => {
  const known = advice[error.code] ?? {
    found: lowerFirst(error.message),
    todo: 'look at this line and the one before',
  };
  return { path: [], offset: startOf(error), wanted: 'well-formed YAML', fatal: false, ...known };
};

const advice: { [code: string]: { found: string; wanted?: string; todo: string } } = {
  TAB_AS_INDENT: { found: 'a tab', wanted: 'spaces to indent with', todo: 'replace the tab by spaces' },
  MULTIPLE_DOCS: { found: 'a second document', wanted: 'one', todo: 'remove the line --- and what follows it' },
  RESOURCE_EXHAUSTION: { found: 'too much within each other', todo: 'look for brackets that are not closed' },
  TAG_RESOLVE_FAILED: { found: 'a tag', wanted: 'a value without one', todo: 'remove the word that begins with !' },
  MISSING_CHAR: { found: 'a quote or bracket without its other end', todo: 'close it' },
};

const lowerFirst = (text: string): string => {
  const line = text.split('\n')[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
};

/** The aliases that stand are few, but may stand for each other: what they amount to is bounded by the library. */
const valueOf = (document: Document): { value: unknown; mistakes: NodeMistake[] } => {
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) as unknown, mistakes: [] };
  } catch {
    const todo = 'write the values themselves';
    const mistake = { path: [], offset: 0, found: 'aliases of aliases of aliases', wanted: 'fewer', todo, fatal: true };
    return { value: undefined, mistakes: [mistake] };
  }
};

/** Pairs by name: made once a mapping, so that thousands of mistakes in one mapping are found in time. */
type Pairs = WeakMap<YAMLMap, Map<string, Pair>>;

/** What is missing is looked for at the name of what should have held it. */
const offsetOf = (document: Document, pairs: Pairs, path: Path, at: 'key' | 'value'): number => {
  let node: unknown = document.contents;
  let place = { key: offsetOfNode(node), value: offsetOfNode(node) };
  for (const name of path) {
    const next = member(isAlias(node) ? node.resolve(document) : node, name, pairs);
    if (next === undefined) return place.key;
    place = { key: offsetOfNode(next.key), value: offsetOfNode(isEmpty(next.value) ? next.key : next.value) };
    node = next.value;
  }
  return place[at];
};

/** The item of a list stands for its own name. */
const member = (node: unknown, name: string | number, pairs: Pairs): { key: unknown; value: unknown } | undefined => {
  if (isSeq(node))
    return name in node.items ? { key: node.items[Number(name)], value: node.items[Number(name)] } : undefined;
  if (!isMap(node)) return undefined;
  const byName =
    pairs.get(node) ?? new Map(node.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]));
  pairs.set(node, byName);
  return byName.get(String(name));
};

const isEmpty = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null);
