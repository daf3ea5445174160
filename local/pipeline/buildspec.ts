import { parse } from 'yaml';
import * as z from 'zod';

/** The phases that run commands, in their order. */
export type CommandPhase = 'install' | 'pre_build' | 'build' | 'post_build';

/** YAML knows more than text: `- 42` and `- true` are commands too. */
const text = z
  .union([z.string(), z.number(), z.boolean()], 'wants text')
  .transform(String)
  .refine((value) => !value.includes('\0'), 'holds a NUL character');
/** CodeBuild takes one command where it takes a list. */
const commands = z
  .union([z.array(text).max(1000), text.transform((one) => [one])], 'wants a list of commands')
  .nullable()
  .default([])
  .transform((list) => list ?? []);
const phase = z.strictObject({
  commands,
  finally: commands,
  // the machine's own runtimes are used: there is no image to choose them from
  'runtime-versions': z.unknown().optional(),
});
const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of a variable'), text);
const artifacts = z.strictObject({
  files: z.union([z.array(text).min(1).max(1000), text.transform((one) => [one])], 'wants a list of file patterns'),
  'base-directory': text.default('.'),
  'discard-paths': z
    .union([z.boolean(), z.enum(['yes', 'no'])])
    .default(false)
    .transform((value) => value === true || value === 'yes'),
  name: text.optional(),
});

const buildspec = z.strictObject({
  version: z
    .union([z.number(), z.string()])
    .transform(String)
    .refine((value) => value === '0.2', 'wants version: 0.2'),
  env: z.strictObject({ shell: z.enum(['sh', 'bash']).default('sh'), variables: variables.default({}) }).prefault({}),
  phases: z
    .strictObject({
      install: phase.optional(),
      pre_build: phase.optional(),
      build: phase.optional(),
      post_build: phase.optional(),
    })
    .refine((phases) => Object.keys(phases).length > 0, 'wants at least one phase'),
  artifacts: artifacts.optional(),
  // what these bring is a report or speed, not another outcome
  reports: z.unknown().optional(),
  cache: z.unknown().optional(),
});

export type Buildspec = z.infer<typeof buildspec>;
export type BuildArtifacts = z.infer<typeof artifacts>;

/** Bytes; a buildspec of thousands of lines is a mistake or an attack. */
export const maxBuildspecBytes = 256 * 1024;

/**
 * Reads a buildspec of version 0.2. A key that this machine does not carry out is refused with its name, because
 * leaving it out could let a build succeed that must not.
 *
 * @returns the buildspec, or in one line what is wrong and where
 */
export const parseBuildspec = (source: string): { buildspec: Buildspec } | { refused: string } => {
  let document: unknown;
  try {
    document = parse(source, { maxAliasCount: 100 });
  } catch (error) {
    return { refused: `it is not YAML: ${String((error as Error).message).split('\n')[0]}` };
  }
  if (document === null || typeof document !== 'object' || Array.isArray(document))
    return { refused: 'it holds no keys; it wants version: 0.2 and phases' };
  const parsed = buildspec.safeParse(document);
  if (parsed.success) return { buildspec: parsed.data };
  return { refused: parsed.error.issues.map(describe).join('; ') };
};

const describe = (issue: z.core.$ZodIssue): string => {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `${place === '' ? '' : `${place}: `}${issue.keys.join(', ')} is not carried out on one machine`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${place} is missing`;
  return `${place} ${issue.message}`;
};
