import { Language, type Node, Parser } from 'web-tree-sitter';
import type { Found } from './found';

type Grammar = 'bash' | 'python';

const parsers = new Map<Grammar, Promise<Parser>>();

/** A parser of that language: tree-sitter with its published grammar. */
function parserOf(grammar: Grammar): Promise<Parser> {
  const make = async (): Promise<Parser> => {
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(require.resolve(`tree-sitter-${grammar}/tree-sitter-${grammar}.wasm`)));
    return parser;
  };
  const there = parsers.get(grammar) ?? make();
  parsers.set(grammar, there);
  return there;
}

const OPERATORS: Readonly<Record<Grammar, Readonly<Record<string, string>>>> = {
  bash: {
    '&&': '||',
    '||': '&&',
    '==': '!=',
    '!=': '==',
    '=': '!=',
    '-f': '-d',
    '-d': '-f',
    '-e': '! -e',
    '-z': '-n',
    '-n': '-z',
    '-eq': '-ne',
    '-ne': '-eq',
    '-lt': '-ge',
    '-ge': '-lt',
    '-gt': '-le',
    '-le': '-gt',
    '-L': '-f',
    '-x': '-e',
    '-s': '-e',
  },
  python: {
    '==': '!=',
    '!=': '==',
    '<': '>=',
    '>': '<=',
    '<=': '>',
    '>=': '<',
    and: 'or',
    or: 'and',
    in: 'not in',
    'not in': 'in',
    is: 'is not',
    'is not': 'is',
    '+': '-',
    '-': '+',
  },
};

/** Commands and calls that only say something. */
const SPEAKING = /^(echo|printf|info|warn|title|say|tell|log|show_banner)$/;

/** Statements that may be left out, by kind of node, and what then stands there. */
const LEFT_OUT: Readonly<Record<Grammar, { readonly kinds: ReadonlySet<string>; readonly by: string }>> = {
  bash: { kinds: new Set(['command', 'redirected_statement', 'pipeline']), by: ':' },
  python: { kinds: new Set(['expression_statement', 'return_statement', 'raise_statement']), by: 'pass' },
};

const CONDITIONS: Readonly<Record<Grammar, (condition: string, negated: boolean) => string>> = {
  bash: (condition, negated) => (negated ? condition.replace(/^!\s*/, '') : `! { ${condition}; }`),
  python: (condition) => `not (${condition})`,
};

const CONSTANTS: Readonly<Record<string, string>> = { True: 'False', False: 'True', true: 'false', false: 'true' };

/** Small changes of a shell or Python file: operators, conditions, constants, numbers, statements left out. */
export async function mutantsInSyntax(grammar: Grammar, text: string): Promise<Found[]> {
  const tree = (await parserOf(grammar)).parse(text);
  if (tree === null) return [];
  const found: Found[] = [];
  const add = (kind: string, { startIndex, endIndex }: Node, by: string): void => {
    const original = text.slice(startIndex, endIndex);
    if (original !== by) found.push({ kind, start: startIndex, original, by });
  };
  const look = (node: Node): void => {
    if (speaks(node)) return;
    const operator = OPERATORS[grammar][node.text];
    const isOperator = node.childCount === 0 && isIn(node.parent, grammar);
    if (operator !== undefined && isOperator) add('Operator', node, operator);
    const condition = node.childForFieldName('condition');
    if (condition && /^(if|elif|while)_(statement|clause)$/.test(node.type)) {
      const by = CONDITIONS[grammar](condition.text, condition.type === 'negated_command');
      add('Condition', condition, by);
    }
    if (node.type === 'integer' || node.type === 'number') add('Number', node, String(Number(node.text) + 1));
    const constant = CONSTANTS[node.text];
    if (constant !== undefined && node.childCount === 0) add('Constant', node, constant);
    if (LEFT_OUT[grammar].kinds.has(node.type) && isStatement(node)) add('LeftOut', node, LEFT_OUT[grammar].by);
    for (const child of node.children) if (child) look(child);
  };
  look(tree.rootNode);
  return found;
}

function isIn(parent: Node | null, grammar: Grammar): boolean {
  const kinds =
    grammar === 'bash'
      ? /^(list|binary_expression|unary_expression|test_operator|test_command)$/
      : /^(comparison_operator|boolean_operator|binary_operator)$/;
  return parent !== null && kinds.test(parent.type);
}

/** Whether a node stands as a statement of its own: in a body, not in a condition. */
function isStatement({ parent }: Node): boolean {
  return (
    parent !== null &&
    /^(program|module|block|compound_statement|do_group|if_statement|else_clause|case_item)$/.test(parent.type)
  );
}

function speaks(node: Node): boolean {
  const [only] = node.children;
  if (node.type === 'expression_statement' && node.childCount === 1 && only) return speaks(only);
  const name = node.type === 'command' ? node.childForFieldName('name') : null;
  const called = node.type === 'call' ? node.childForFieldName('function') : null;
  // What is written into a file is more than said.
  const into = node.parent?.type === 'redirected_statement' && /[^&]>/.test(node.parent.text.slice(node.text.length));
  return SPEAKING.test(name?.text ?? called?.text ?? '') && !into;
}
