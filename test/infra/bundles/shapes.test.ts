import { describe, expect, it } from 'vitest';
import { withKnownErrors, withKnownMembers, withPlainKeys } from '../../../infra/bundle/shapes.ts';

const schema = `const _E = "Exists";
const _N = "Needed";
const _aQE = "awsQueryError";
const _m = "message";
export var Exists$ = [-3, n0, _E,
    { [_aQE]: [\`AlreadyExists\`, 400] },
    [_m],
    [0]
];
n0_registry.registerError(Exists$, Exists);
export var Needed$ = [-3, n0, _N,
    { [_aQE]: [\`Other\`, 400] },
    [_m],
    [0]
];
n0_registry.registerError(Needed$, Needed);
`;
const known = (classes: string[], words: string[]) => ({ classes: new Set(classes), words: new Set(words) });

describe('what is left out of the SDK', () => {
  it('is an error that nobody asks for, with its shape', () => {
    const slimmed = withKnownErrors(schema, known([], []));
    expect(slimmed).not.toContain('registerError');
    expect(slimmed).not.toContain('export var');
  });

  it('is not one whose class is asked for, or which has another name on the wire than in our code', () => {
    const slimmed = withKnownErrors(schema, known(['Needed'], ['Exists']));
    expect(slimmed).toContain('registerError(Needed$, Needed)');
    expect(slimmed).toContain('registerError(Exists$, Exists)');
  });

  it('are keys that look as if they were computed: the shape they stand in is kept by nothing then', () => {
    expect(withPlainKeys(schema)).toContain('{ "awsQueryError": [`AlreadyExists`, 400] }');
    expect(withPlainKeys(schema)).not.toContain('[_aQE]:');
  });
});

const answers = `const _N = "Name";
const _O = "Other";
const _P = "Part";
export var Answer$ = [3, n0, _A,
    0,
    [_N, _O, _P],
    [0, [() => Gone$, { [_xN]: \`o\` }], () => Passed$], 2
];
export var Asked$ = [3, n0, _As,
    0,
    [_O, _P],
    [0, () => Passed$], 1
];
export var Gone$ = [3, n0, _G,
    0,
    [_O],
    [0]
];
export var Passed$ = [3, n0, _Pa,
    0,
    [_N, _O],
    [0, 64 | 0]
];
export var Read$ = [9, n0, _R,
    0, () => Asked$, () => Answer$
];
`;
const shapeOf = (source: string, name: string): string | undefined =>
  new RegExp(`^export var ${name}\\$ = ([^;]*);`, 'm').exec(source)?.[1];

describe('what is left out of answers', () => {
  const slimmed = withKnownMembers(answers, known([], ['Name', 'Part', 'ReadCommand']));

  it('is what our sources have no word for; of the first members, so many as stay are required', () => {
    expect(shapeOf(slimmed, 'Answer')).toBe('[3, n0, _A,\n    0,\n    [_N, _P],\n    [0, () => Passed$], 1\n]');
    expect(shapeOf(slimmed, 'Gone')).toBe('[3, n0, _G,\n    0,\n    [],\n    []\n]');
  });

  it('is nothing that a call of ours may send, for it may be sent as it was answered', () => {
    for (const name of ['Asked', 'Passed', 'Read']) expect(shapeOf(slimmed, name)).toBe(shapeOf(answers, name));
  });

  it('is left out of what only calls send that nobody makes', () => {
    const unmade = withKnownMembers(answers, known([], ['Name', 'Part']));
    expect(shapeOf(unmade, 'Asked')).toBe('[3, n0, _As,\n    0,\n    [_P],\n    [() => Passed$]\n]');
  });
});
