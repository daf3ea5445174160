import { artifactDir, emptyDir } from './artifacts.ts';
import type { Outcome } from './changes.ts';
import type { ActionRun, Execution } from './execution.ts';
import type { ActionDeclaration } from './structure.ts';

/** The repositories, as the source action needs them. */
export type PipelineSource = {
  /** the commit a branch points to, or null when there is no such branch or repository */
  head(repository: string, branch: string): Promise<string | null>;
  /** writes the files of a commit into an empty directory; throws when there is no such commit */
  checkout(repository: string, commit: string, dir: string): Promise<void>;
  /** the commit's message, for the execution's summary */
  message?(repository: string, commit: string): Promise<string | null>;
};

/** Full hashes only, as CodePipeline takes them; also nothing that git could take for an option. */
const fullHash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Carries out a Source action of CodeCommit: the commit asked for, else the branch's newest, as the output artifact. */
export const runSource = async (
  source: PipelineSource,
  artifacts: string,
  { execution, action, run, now }: { execution: Execution; action: ActionDeclaration; run: ActionRun; now: number },
): Promise<Outcome> => {
  const { RepositoryName: repository = '', BranchName: branch = '' } = action.configuration;
  const commit = execution.overrides[action.name] ?? (await source.head(repository, branch));
  if (commit === null)
    return failed(`Repository '${repository}' has no branch '${branch}'; push one, then start the pipeline.`);
  if (!fullHash.test(commit)) return failed(`'${commit}' is no commit id; it takes the full hash of 40 digits.`);
  const output = run.outputs[0];
  if (output === undefined) return failed(`Action '${action.name}' has no output artifact.`);
  const dir = await emptyDir(artifactDir(artifacts, output.location));
  try {
    await source.checkout(repository, commit, dir);
  } catch (error) {
    return failed(`Commit '${commit}' could not be read from repository '${repository}': ${messageOf(error)}`);
  }
  const summary = (await source.message?.(repository, commit).catch(() => null)) ?? '';
  const revision = { action: action.name, artifact: output.name, commit, summary, createdAt: now };
  return { result: { status: 'Succeeded', summary, externalId: commit }, revision };
};

const failed = (summary: string): Outcome => ({
  result: { status: 'Failed', summary, errorCode: 'ConfigurationError' },
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
