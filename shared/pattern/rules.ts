import { type Effort, maxEffort } from './effort.ts';
import { fieldsOf, type Values, wantedOf } from './fields.ts';
import { accepts, type Leaf, type Opening } from './leaf.ts';
import type { Matcher } from './pattern.ts';
import { holdTogether } from './together.ts';
import { isObject, type Scalar } from './value.ts';

/**
 * What patterns ask of a field: one question for all that ask it in the same words. The answer is kept with the
 * number of the look it was given in.
 */
type Question = { number: number; field: number; leaf: Leaf; asked: number; look: number; yes: boolean };

/** What must hold together, in the order of the fields' names, and the patterns that it makes match. */
type Combination = { questions: Question[]; patterns: number[] };

/** The combinations that begin with the same questions, and where they go on. */
type Node = {
  ends: Combination[];
  next: Map<number, Node>;
  fields: Branches[];
  byField: Map<number, Branches>;
  always: Branch[];
  /** the look in which it was gone to last */
  look: number;
};
type Branch = { question: Question; node: Node };

/** Where to go on by a value: by all of it, by how it begins, or by how it ends. One look-up for each length. */
type Branches = { field: number; is: Map<Scalar, Branch[]>; begins: ByLength[]; ends: ByLength[] };
type ByLength = { length: number; texts: Map<string, Branch[]> };

/**
 * Makes an index over many patterns. An event is looked at once; what asks for a value, a beginning or an end is found
 * by it, however many patterns ask; and what is asked most often is asked first, so that most are passed by together.
 *
 * @returns what answers the numbers of the patterns that an event matches, in no order
 */
export const indexPatterns = (matchers: readonly Matcher[]): ((event: unknown) => number[]) => {
  const names = [...new Set(matchers.flatMap(({ names: own }) => own))].toSorted();
  const root = newNode();
  for (const combination of combinationsOf(matchers, new Map(names.map((name, at) => [name, at]))))
    plant(root, combination);
  const wanted = wantedOf(names);
  let looks = 0;
  return (event) => {
    if (!isObject(event)) return [];
    const effort = { left: maxEffort };
    const look: Look = {
      number: ++looks,
      values: fieldsOf(wanted, event, effort),
      effort,
      matched: [],
    };
    walk(root, look);
    return look.matched.length < 2 ? look.matched : [...new Set(look.matched)];
  };
};

const newNode = (): Node => ({ ends: [], next: new Map(), fields: [], byField: new Map(), always: [], look: 0 });

const combinationsOf = (matchers: readonly Matcher[], fields: ReadonlyMap<string, number>): Combination[] => {
  const questions = new Map<string, Question>();
  const combinations = new Map<string, Combination>();
  for (const [pattern, { names, leaves, either }] of matchers.entries()) {
    const own = leaves.map(({ field, leaf }) => ask(questions, fields.get(names[field] as string) as number, leaf));
    for (const numbers of either) {
      const asked = numbers.map((number) => own[number] as Question);
      const key = asked.map(({ number }) => number).join(' ');
      const known = combinations.get(key);
      if (known === undefined) combinations.set(key, { questions: asked, patterns: [pattern] });
      else known.patterns.push(pattern);
    }
  }
  return [...combinations.values()];
};

const ask = (questions: Map<string, Question>, field: number, leaf: Leaf): Question => {
  const key = `${field} ${leaf.written}`;
  const known = questions.get(key);
  const question = known ?? { number: questions.size, field, leaf, asked: 0, look: 0, yes: false };
  if (known === undefined) questions.set(key, question);
  question.asked += 1;
  return question;
};

const plant = (root: Node, combination: Combination): void => {
  let node = root;
  for (const question of combination.questions.toSorted((a, b) => b.asked - a.asked || a.number - b.number))
    node = node.next.get(question.number) ?? grow(node, question);
  node.ends.push(combination);
};

const grow = (node: Node, question: Question): Node => {
  const branch = { question, node: newNode() };
  node.next.set(question.number, branch.node);
  if (question.leaf.openings === null) node.always.push(branch);
  else for (const opening of question.leaf.openings) open(branchesOf(node, question.field), opening, branch);
  return branch.node;
};

const branchesOf = (node: Node, field: number): Branches => {
  const known = node.byField.get(field);
  if (known !== undefined) return known;
  const branches: Branches = { field, is: new Map(), begins: [], ends: [] };
  node.byField.set(field, branches);
  node.fields.push(branches);
  return branches;
};

const open = (branches: Branches, opening: Opening, branch: Branch): void => {
  if ('is' in opening) push(branches.is, opening.is, branch);
  else if ('begins' in opening) push(ofLength(branches.begins, opening.begins), opening.begins, branch);
  else push(ofLength(branches.ends, opening.ends), opening.ends, branch);
};

const ofLength = (lengths: ByLength[], { length }: string): ByLength['texts'] => {
  const known = lengths.find((one) => one.length === length);
  if (known !== undefined) return known.texts;
  const texts: ByLength['texts'] = new Map();
  lengths.push({ length, texts });
  return texts;
};

const push = <Key>(branches: Map<Key, Branch[]>, key: Key, branch: Branch): void => {
  const others = branches.get(key);
  if (others === undefined) branches.set(key, [branch]);
  else others.push(branch);
};

/** An event, looked at with the eyes of all patterns. */
type Look = { number: number; values: Values; effort: Effort; matched: number[] };

/** Each node is gone to once, by however many values of a list it is found. */
const walk = (node: Node, look: Look): void => {
  if (node.look === look.number) return;
  node.look = look.number;
  for (const combination of node.ends) if (holds(combination, look)) look.matched.push(...combination.patterns);
  for (const branch of node.always) follow(branch, look);
  for (const branches of node.fields)
    for (const { value } of look.values[branches.field] ?? []) {
      for (const branch of branches.is.get(value) ?? nowhere) walk(branch.node, look);
      if (typeof value === 'string') walkText(branches, value, look);
    }
};

const nowhere: Branch[] = [];

const walkText = ({ begins, ends }: Branches, text: string, look: Look): void => {
  for (const { length, texts } of begins)
    for (const branch of texts.get(text.slice(0, length)) ?? nowhere) follow(branch, look);
  for (const { length, texts } of ends)
    for (const branch of texts.get(text.slice(Math.max(0, text.length - length))) ?? nowhere) follow(branch, look);
};

/** A question is answered once an event: by any value, where there are several. */
const follow = ({ question, node }: Branch, look: Look): void => {
  if (question.look !== look.number) {
    const { field, leaf } = question;
    question.look = look.number;
    question.yes = leaf.absent || (look.values[field] ?? []).some(({ value }) => accepts(leaf, value));
  }
  if (question.yes) walk(node, look);
};

/** Each question has its answer: what is left is whether the values can be together, and what is absent is. */
const holds = ({ questions }: Combination, { values, effort }: Look): boolean => {
  if (questions.every(({ field, leaf }) => !leaf.absent && values[field]?.every(({ element }) => element === null)))
    return true;
  const asked = questions.map(({ field, leaf }) => {
    const all = values[field] ?? [];
    return { hits: all.filter(({ value }) => accepts(leaf, value)), all, absent: leaf.absent };
  });
  return holdTogether(asked, effort);
};
