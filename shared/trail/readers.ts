/** The names under which readers of the trail keep how far they have come. */
export const readers = {
  react: 'react',
  /**
   * Counts what the index is made of. Whoever changes that counts on: a reader of a new name begins at the start of the
   * lane, and so a table whose rows were made before is made complete.
   */
  index: 'index-trail.4',
  seal: 'seal-trail',
} as const;
