/** What an action provider is told about one run of an action. */
export type ActionJob = {
  pipeline: string;
  stage: string;
  action: string;
  /** the pipeline execution's id */
  execution: string;
  /** The id of this run. After a restart an unfinished run comes again under the same id: do not do it twice. */
  actionExecution: string;
  configuration: { [key: string]: string };
  /** directory with the unpacked first input artifact; treat it as read-only: other actions and rollbacks use it too */
  inputDir: string;
  /** the commit that the source action found */
  commit: string;
  /** true in a ROLLBACK execution */
  rollback: boolean;
  /** aborted when the product stops: give up quietly; the job comes again at the next start */
  signal: AbortSignal;
};

/** How a run of an action ended, in the members of CodePipeline's `execution-result` and `errorDetails`. */
export type ActionResult = {
  status: 'Succeeded' | 'Failed';
  /** one or a few lines for the person who asks why */
  summary: string;
  externalId?: string;
  url?: string;
  /** for a failed run; `JobFailed` when absent */
  errorCode?: string;
};

/** Carries out the actions of one custom provider (owner Custom); what it throws is a failed run. */
export type ActionProvider = (job: ActionJob) => Promise<ActionResult>;
