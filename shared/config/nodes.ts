import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Path } from './mistake.ts';

/** A mistake in how the text is put together; `fatal` when nothing can be said of its content for it. */
export type NodeMistake = { path: Path; offset: number; found: string; wanted: string; todo: string; fatal: boolean };

const limits = { depth: 20, aliases: 50 };

type Walk = { mistakes: NodeMistake[]; anchors: Map<string, Node>; aliases: number };
type Here = { path: Path; within: Node[] };

/**
 * Looks for what a parser lets pass and a person does not mean: a name twice in one mapping, a name that is no text,
 * an alias of nothing or of what it stands in. Depth and aliases are bounded, so that no file can exhaust the process.
 */
export const checkNodes = (root: unknown): NodeMistake[] => {
  const walk: Walk = { mistakes: [], anchors: new Map(), aliases: 0 };
  visit(root, { path: [], within: [] }, walk);
  return walk.mistakes;
};

const visit = (node: unknown, here: Here, walk: Walk): void => {
  if (isAlias(node)) return visitAlias(node.source, offsetOfNode(node), here, walk);
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isScalar(node)) return;
  if (here.within.length >= limits.depth) return void walk.mistakes.push(tooDeep(here, offsetOfNode(node)));
  const inside = (name: string | number): Here => ({ path: [...here.path, name], within: [...here.within, node] });
  if (isSeq(node)) node.items.forEach((item, index) => visit(item, inside(index), walk));
  else visitMap(node, here, inside, walk);
};

const visitMap = (map: YAMLMap, here: Here, inside: (name: string) => Here, walk: Walk): void => {
  const seen = new Set<string>();
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : null;
    const wrong = name === null ? notText(key) : name === '__proto__' ? reserved : seen.has(name) ? twice(name) : null;
    const path = name === null ? here.path : [...here.path, name];
    if (wrong !== null) walk.mistakes.push({ fatal: false, ...wrong, path, offset: offsetOfNode(key) });
    if (name === null) continue;
    seen.add(name);
    visit(value, inside(name), walk);
  }
};

const visitAlias = (source: string, offset: number, { path, within }: Here, walk: Walk): void => {
  walk.aliases += 1;
  const target = walk.anchors.get(source);
  const wrong =
    target === undefined
      ? { wanted: `an anchor &${source} above it`, todo: 'write the anchor, or the value itself' }
      : within.includes(target)
        ? { wanted: 'something that does not contain it', todo: 'write the value itself' }
        : walk.aliases === limits.aliases + 1
          ? { wanted: `at most ${limits.aliases} aliases in a file`, todo: 'write the values themselves' }
          : null;
  if (wrong !== null) walk.mistakes.push({ path, offset, found: `*${source}`, ...wrong, fatal: true });
};

const twice = (name: string) => ({
  found: `${JSON.stringify(name)} a second time`,
  wanted: 'each name once',
  todo: 'remove or rename one of the two',
});

const reserved = { found: '__proto__', wanted: 'another name', todo: 'rename it', fatal: true };

const notText = (key: unknown) => ({
  found: isAlias(key) ? 'an alias as a name' : 'a mapping or list as a name',
  wanted: 'a name',
  todo: 'write the name as text; braces and brackets need quotes',
  fatal: true,
});

const tooDeep = ({ path }: Here, offset: number): NodeMistake => ({
  path,
  offset,
  found: `more than ${limits.depth} levels within each other`,
  wanted: 'fewer',
  todo: 'nothing in a configuration is nested so deep; look for brackets that are not closed',
  fatal: true,
});

/** Where a node begins; 0 for one that was made up by the parser. */
export const offsetOfNode = (node: unknown): number =>
  isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0;
