import type * as z from 'zod';
import { mistakesIn } from './structure-rules.ts';
import { type Refusal, type Structure, structureSchema } from './structure.ts';

/**
 * Checks a pipeline definition as CreatePipeline and UpdatePipeline do.
 *
 * @param input the `pipeline` member as it came
 * @param providers names of the custom providers there are
 * @returns the structure, or the refusal with every mistake of its kind: what and where
 */
export const checkStructure = (
  input: unknown,
  providers: string[],
): { structure: Structure } | { refused: Refusal } => {
  const parsed = structureSchema.safeParse(input);
  if (!parsed.success) return { refused: { code: 'ValidationException', message: validationMessage(parsed.error) } };
  const mistakes = mistakesIn(input as object, parsed.data, providers);
  const [first] = mistakes;
  if (first === undefined) return { structure: parsed.data };
  const alike = mistakes.filter(({ code }) => code === first.code).map(({ message }) => message);
  return { refused: { code: first.code, message: alike.join('; ') } };
};

const validationMessage = ({ issues }: z.ZodError): string => {
  const each = issues.map(({ path, message }) => {
    const place = ['pipeline', ...path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : part))];
    return `Value at '${place.join('.')}' failed to satisfy constraint: ${message}`;
  });
  return `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${each.join('; ')}`;
};
