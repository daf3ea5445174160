/** The processor time (ms) that some work takes in this thread, whoever else has the processor meanwhile. */
export const cpuOf = (work: () => unknown): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
};
