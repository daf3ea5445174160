import { arnOf } from '../arn.ts';
import type { Envelope } from '../envelope.ts';
import type { Context, Fact, Normaliser } from '../fact.ts';
import { inWords, list, number, present, text } from '../fields.ts';
import { instant } from '../instant.ts';
import type { Kind } from '../kinds.ts';

/** CodeBuild User Guide, "Build notifications sample": `source` is `aws.codebuild`. */
export const codebuild: Normaliser = (event, context) => {
  switch (event.detailType) {
    case 'CodeBuild Build State Change':
      return build(event, context);
    case 'CodeBuild Build Phase Change':
      return phase(event, context);
    default:
      return null;
  }
};

const buildKinds: { [status: string]: Kind } = {
  IN_PROGRESS: 'build.started',
  SUCCEEDED: 'build.succeeded',
  FAILED: 'build.failed',
  FAULT: 'build.failed',
  TIMED_OUT: 'build.failed',
  STOPPED: 'build.stopped',
};

/** `FAULT` and `TIMED_OUT` are kinds of failing; the outcome keeps them apart. */
const outcomeOf = (status: string): string => (status === 'IN_PROGRESS' ? 'started' : inWords(status));

const build = (event: Envelope, context: Context): Fact | null => {
  const status = text(event.detail, 'build-status') ?? '';
  const kind = buildKinds[status];
  const about = aboutBuild(event, context);
  if (kind === undefined || about === null) return null;
  return {
    kind,
    ...about,
    key: ['build', outcomeOf(status)],
    outcome: outcomeOf(status),
    reason: kind === 'build.failed' ? failedPhaseContext(event) : null,
  };
};

const phaseKinds: { [status: string]: Kind } = {
  SUCCEEDED: 'build-phase.succeeded',
  FAILED: 'build-phase.failed',
  FAULT: 'build-phase.failed',
  CLIENT_ERROR: 'build-phase.failed',
  TIMED_OUT: 'build-phase.failed',
  STOPPED: 'build-phase.stopped',
};

const phase = (event: Envelope, context: Context): Fact | null => {
  const { detail } = event;
  const name = text(detail, 'completed-phase');
  const about = aboutBuild(event, context);
  if (name === null || about === null) return null;
  const status = text(detail, 'completed-phase-status') ?? '';
  return {
    kind: phaseKinds[status] ?? 'build-phase.completed',
    ...about,
    key: ['phase', name, status, text(detail, 'completed-phase-start')],
    occurredAt: instant(detail['completed-phase-end']) ?? instant(event.time),
    outcome: status === '' ? null : outcomeOf(status),
    reason: spoken(text(detail, 'completed-phase-context')),
    detail: { ...about.detail, phase: name, seconds: number(detail, 'completed-phase-duration-seconds') },
  };
};

/** The initiator `codepipeline/NAME` is the link back to the pipeline. */
const aboutBuild = (event: Envelope, context: Context) => {
  const id = text(event.detail, 'build-id');
  if (id === null) return null;
  const info = event.detail['additional-information'];
  const initiator = text(info, 'initiator');
  const pipeline = initiator?.startsWith('codepipeline/') ? initiator.slice('codepipeline/'.length) : null;
  return {
    subject: id.startsWith('arn:') ? id : arnOf(event, 'codebuild', `build/${id}`, context),
    located: pipeline === null ? null : context.locate.pipeline(pipeline),
    detail: present({
      project: text(event.detail, 'project-name'),
      build: id,
      initiator,
      pipeline,
      number: number(info, 'build-number'),
      currentPhase: text(event.detail, 'current-phase'),
      logs: text(info, 'logs', 'deep-link'),
    }),
  };
};

const failedPhaseContext = ({ detail }: Envelope): string | null => {
  const phases = list(detail['additional-information'], 'phases');
  const failed = phases.find((one) => phaseKinds[text(one, 'phase-status') ?? ''] === 'build-phase.failed');
  const contexts = list(failed, 'phase-context').filter((line) => typeof line === 'string');
  return spoken(contexts.join('\n'));
};

/** `[]` and `: ` are what CodeBuild says when it has nothing to say. */
const spoken = (context: string | null): string | null => {
  const said = (context ?? '').replace(/^\[/, '').replace(/\]$/, '').trim();
  return said === '' || said === ':' ? null : said;
};
