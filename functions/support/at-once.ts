/**
 * Does the same for many, so many at once. Answers in their order. What one throws keeps none of the others from being
 * done; the first of it is thrown in the end.
 */
export const atOnce = async <One, Answer>(
  limit: number,
  all: readonly One[],
  work: (one: One) => Promise<Answer>,
): Promise<Answer[]> => {
  const [first, ...others] = all;
  if (first === undefined) return [];
  if (others.length === 0) return [await work(first)];
  const ended: PromiseSettledResult<Answer>[] = [];
  const left = all.entries();
  const worker = async (): Promise<void> => {
    for (const [index, one] of left) ended[index] = await work(one).then(fulfilled, rejected);
  };
  await Promise.all(Array.from({ length: Math.min(limit, all.length) }, worker));
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
};

const fulfilled = <Answer>(value: Answer): PromiseSettledResult<Answer> => ({ status: 'fulfilled', value });
const rejected = (reason: unknown): PromiseRejectedResult => ({ status: 'rejected', reason });
