import { parsers } from 'prettier/plugins/typescript';

/** One change to a source file that a test should notice. */
export type Mutant = {
  /** line of the change, from 1 */
  line: number;
  /** the line as it stands, without its indentation: how a list of equivalent mutants names it */
  text: string;
  /** what is done: `<operator>: <before> -> <after>` */
  change: string;
  /** the whole file with the change in it */
  mutated: string;
};

type Node = { type: string; range: [number, number]; [field: string]: unknown };
type Edit = { operator: string; from: number; to: number; after: string };

/** Each comparison becomes its nearest neighbour: what tells `<` from `<=` is a test at the boundary. */
const swapped: { [operator: string]: string } = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
};

/**
 * Every mutant of a TypeScript source, in the order of the file. Types are left alone: they are gone when it runs.
 * @param source the text of the file
 * @throws SyntaxError when it is no TypeScript
 */
export const mutantsOf = (source: string): Mutant[] => {
  const root = parsers.typescript.parse(source, {} as never) as unknown;
  if (!isNode(root)) throw new TypeError('the parser gave no tree');
  const edits = [...nodesOf(root)].flatMap((node) => editsOf(node, source));
  return edits.toSorted((one, other) => one.from - other.from).map((edit) => mutantOf(source, edit));
};

const mutantOf = (source: string, { operator, from, to, after }: Edit): Mutant => {
  const line = source.slice(0, from).split('\n').length;
  const before = source.slice(from, to);
  return {
    line,
    text: (source.split('\n')[line - 1] ?? '').trim(),
    change: `${operator}: ${oneLine(before)} -> ${after === '' ? 'nothing' : oneLine(after)}`,
    mutated: source.slice(0, from) + after + source.slice(to),
  };
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** The nodes of a tree that run, parents first. */
function* nodesOf(node: Node): Generator<Node> {
  if (node.type.startsWith('TS') && !['TSAsExpression', 'TSNonNullExpression'].includes(node.type)) return;
  if (node.type === 'ImportDeclaration') return;
  yield node;
  for (const child of Object.values(node).flat()) if (isNode(child)) yield* nodesOf(child);
}

const editsOf = (node: Node, source: string): Edit[] => {
  switch (node.type) {
    case 'IfStatement':
      return [...guard(node), ...negated(node, source)];
    case 'ConditionalExpression':
      return [...negated(node, source), ...refusals(node)];
    case 'ReturnStatement':
      return isText(node['argument']) ? [replaced('refusal dropped', node['argument'], 'null')] : [];
    case 'BinaryExpression':
    case 'LogicalExpression':
      return swap(node, source);
    case 'Literal':
      return literal(node);
    case 'SpreadElement':
      return [spread(node, source)];
    default:
      return [];
  }
};

const replaced = (operator: string, { range: [from, to] }: Node, after: string): Edit => ({
  operator,
  from,
  to,
  after,
});

/** `if (...) return ...;` goes: what it guarded against is let through. */
const guard = (node: Node): Edit[] => {
  const { consequent, alternate } = node;
  const isGuard = isNode(consequent) && consequent.type === 'ReturnStatement' && alternate === null;
  return isGuard ? [replaced('guard deleted', node, '')] : [];
};

/** The other way round; of an equality that is what swapping its operator does. */
const negated = ({ test }: Node, source: string): Edit[] => {
  if (!isNode(test) || ['===', '!==', '==', '!='].includes(String(test['operator']))) return [];
  return [replaced('condition negated', test, `!(${source.slice(...test.range)})`)];
};

/** A reason, or none: `a ? 'because' : null` never refuses. */
const refusals = ({ consequent, alternate }: Node): Edit[] => {
  const branches = [consequent, alternate].filter(isNode);
  const hasNone = branches.some((branch) => branch.type === 'Literal' && branch['value'] === null);
  return hasNone ? branches.filter(isText).map((branch) => replaced('refusal dropped', branch, 'null')) : [];
};

const isText = (value: unknown): value is Node =>
  isNode(value) &&
  (value.type === 'TemplateLiteral' || (value.type === 'Literal' && typeof value['value'] === 'string'));

const swap = ({ left, right, operator }: Node, source: string): Edit[] => {
  const after = swapped[String(operator)];
  if (after === undefined || !isNode(left) || !isNode(right)) return [];
  const from = source.indexOf(String(operator), left.range[1]);
  return [{ operator: 'operator', from, to: from + String(operator).length, after }];
};

const literal = (node: Node): Edit[] => {
  const { value } = node;
  if (typeof value === 'boolean') return [replaced('literal', node, String(!value))];
  return typeof value === 'number' ? [replaced('literal', node, String(value + 1))] : [];
};

/** A spread goes with the comma after it. */
const spread = ({ range: [from, end] }: Node, source: string): Edit => {
  const comma = /^\s*,/.exec(source.slice(end))?.[0].length ?? 0;
  return { operator: 'spread dropped', from, to: end + comma, after: '' };
};
