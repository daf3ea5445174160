/** A mutant that no test can notice, because the program does the same with it; named by its line's own text. */
export type Equivalent = { file: string; text: string; change: string; why: string };

export const equivalents: Equivalent[] = [];
