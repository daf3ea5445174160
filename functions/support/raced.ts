/** Who loses so often gives what it was asked for back: it comes again. */
const triesAtMost = 5;

/**
 * Loads, decides and records the next version of a stream, again where another writer was first.
 *
 * @param what who was first, in words, for what is thrown: `the slots of shop were taken`
 * @param attempt does all of it once; undefined where another was first, and what was loaded is no longer so
 * @throws where every race was lost
 */
export const raced = async <Answer>(what: string, attempt: () => Promise<Answer | undefined>): Promise<Answer> => {
  for (let tries = 0; tries < triesAtMost; tries += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
  }
  throw new Error(`${what} by others ${triesAtMost} times in a row`);
};
