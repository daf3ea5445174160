import type { EmittedEvent, World } from '../world.ts';
import type { Build, BuildPhase } from './execution.ts';

type Place = Pick<World, 'account' | 'region'>;

export const buildArn = ({ account, region }: Place, build: Pick<Build, 'id'>): string =>
  `arn:aws:codebuild:${region}:${account}:build/${build.id}`;

const event = (place: Place, build: Build, what: string, detail: EmittedEvent['detail']): EmittedEvent => ({
  source: 'aws.codebuild',
  detailType: `CodeBuild Build ${what} Change`,
  resources: [buildArn(place, build)],
  detail: { 'project-name': build.project, 'build-id': buildArn(place, build), ...detail, version: '1' },
});

/** The build's state; its phases so far come with it. */
export const buildStateEvent = (place: Place, build: Build, pipeline: string): EmittedEvent => {
  const last = build.phases.at(-1);
  return event(place, build, 'State', {
    'build-status': build.status,
    'current-phase': last?.type ?? 'SUBMITTED',
    'current-phase-context': contexts(last),
    'additional-information': information(build, pipeline),
  });
};

/** One completed phase. */
export const buildPhaseEvent = (place: Place, build: Build, phase: BuildPhase, pipeline: string): EmittedEvent =>
  event(place, build, 'Phase', {
    'completed-phase': phase.type,
    'completed-phase-status': phase.status,
    'completed-phase-context': contexts(phase),
    'completed-phase-start': buildDate(phase.startedAt),
    'completed-phase-end': buildDate(phase.endedAt),
    'completed-phase-duration-seconds': seconds(phase),
    'additional-information': information(build, pipeline),
  });

const seconds = (phase: BuildPhase): number => Math.floor((phase.endedAt - phase.startedAt) / 1000);

/** A list as text without quotes, as CodeBuild writes it. */
const contexts = (phase: BuildPhase | undefined): string => `[${phase?.context ?? ''}]`;

const information = (build: Build, pipeline: string) => ({
  environment: {
    image: 'local',
    'privileged-mode': false,
    'compute-type': 'LOCAL',
    type: 'LOCAL',
    'environment-variables': [],
  },
  'timeout-in-minutes': build.timeoutSeconds / 60,
  'build-complete': build.status !== 'IN_PROGRESS',
  initiator: `codepipeline/${pipeline}`,
  'build-start-time': buildDate(build.startedAt),
  source: { type: 'CODEPIPELINE' },
  logs: {
    'group-name': `/aws/codebuild/${build.project}`,
    'stream-name': build.id.split(':').at(-1),
    'deep-link': `file://${build.logFile}`,
  },
  phases: build.phases.map((phase) => ({
    'phase-type': phase.type,
    'phase-status': phase.status,
    'phase-context': phase.context === '' ? [] : [phase.context],
    'start-time': buildDate(phase.startedAt),
    'end-time': buildDate(phase.endedAt),
    'duration-in-seconds': seconds(phase),
  })),
});

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** CodeBuild's own date format, in UTC: `Sep 1, 2017 4:12:29 PM`. */
export const buildDate = (milliseconds: number): string => {
  const date = new Date(milliseconds);
  const hours = date.getUTCHours();
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
};
