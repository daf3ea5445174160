import type { Removal } from '../removal.ts';

/** How long is waited, who else is at it, and what is done in doubt. */
export const ofTheTime: Removal[] = [
  {
    rail: 'quiescence',
    file: 'shared/ladder/decide.ts',
    find: "return now < state.timer.due ? 'early-timer' : null;",
    put: 'return null;',
    test: {
      file: 'test/shared/ladder/decide.test.ts',
      title: 'takes no notice of a timer that another version set, or that comes early',
    },
  },
  {
    rail: 'quiescence: also for a level that somebody forces',
    file: 'shared/ladder/orders.ts',
    find: 'return isQuiet && turn.now < phase.until',
    put: 'return false',
    test: { file: 'test/shared/ladder/orders.test.ts', title: 'in a quiescence is refused' },
  },
  {
    rail: 'new-release',
    file: 'shared/ladder/unseen.ts',
    find: 'return now < until && !failedSince ? until : null;',
    put: 'return null;',
    test: {
      file: 'test/shared/ladder/unseen.test.ts',
      title: 'is not acted over before the slowest alarm can have seen it, to the second',
    },
  },
  {
    rail: 'waiting',
    file: 'shared/ladder/steps.ts',
    find: 'if (tooLong && isFree) return tooLate(turn, reason);',
    put: '',
    test: { file: 'test/shared/ladder/decide.test.ts', title: 'calls a person when it had to wait for an hour' },
  },
  {
    rail: 'step-deadline',
    file: 'shared/ladder/acting.ts',
    find: 'if (turn.now >= phase.intent.deadline) return',
    put: 'if (false) return',
    test: {
      file: 'test/shared/ladder/decide.test.ts',
      title: 'asks after a step whose outcome nobody told, and calls a person at its deadline',
    },
  },
  {
    rail: 'step-deadline: before it begins',
    file: 'shared/ladder/may-act.ts',
    find: "if (now >= intent.deadline) return not('its deadline has passed');",
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'refuses after the deadline' },
  },
  {
    rail: 'ask-for',
    file: 'shared/ladder/steps.ts',
    find: 'if (turn.now >= phase.until) return handOver(',
    put: 'if (false) return handOver(',
    test: { file: 'test/shared/ladder/approvals.test.ts', title: 'hands over when nobody approves in time' },
  },
  {
    rail: 'verify-within',
    file: 'shared/ladder/verifying.ts',
    find: "if (over) return handOver(turn, 'the checks could not be read as passing before the deadline');",
    put: '',
    test: {
      file: 'test/shared/ladder/outcome.test.ts',
      title: 'hands over when a check stays unknown until the deadline: it never starts an attempt on it',
    },
  },
  {
    rail: 'person',
    file: 'shared/ladder/steps.ts',
    find: 'if (state.stop === null) return adoption({ state });',
    put: 'return adoption({ state });',
    test: {
      file: 'test/shared/ladder/orders.test.ts',
      title: 'lets nothing be intended, however long it lasts, and hands nothing over',
    },
  },
  {
    rail: 'hands-off',
    file: 'shared/ladder/by-hand.ts',
    find: 'return until === null || state.written === null',
    put: 'return true || until === null || state.written === null',
    test: {
      file: 'test/shared/ladder/by-hand.test.ts',
      title: 'begins nothing for 15 minutes, says who is at work, and then goes on',
    },
  },
  {
    rail: 'hand-over',
    file: 'shared/ladder/decide.ts',
    find: ' && hold === null && adoption(turn) === null',
    put: ' && adoption(turn) === null',
    test: { file: 'test/shared/ladder/outcome.test.ts', title: 'opens nothing until all checks passed for a while' },
  },
  {
    rail: 'shared-cause',
    file: 'shared/ladder/steps.ts',
    find: 'if (cause !== null) return waitForCause(turn, cause);',
    put: '',
    test: { file: 'test/shared/ladder/cause.test.ts', title: 'nothing is done, and people are told once' },
  },
  {
    rail: 'shared-cause: right before an act',
    file: 'shared/ladder/acting.ts',
    find: 'if (cause !== null) return waitForCause(turn, cause);',
    put: '',
    test: {
      file: 'test/shared/ladder/may-act.test.ts',
      title: 'waits where many services began to fail together since: the cause is none that this ladder owns',
    },
  },
  {
    rail: 'environment',
    file: 'shared/ladder/adopted.ts',
    find: 'state.above.by === null || isCalled(state) ?',
    put: 'true ?',
    test: {
      file: 'test/shared/ladder/environment.test.ts',
      title: 'while the environment is in the hands of a person its services begin nothing, until its checks pass',
    },
  },
  {
    rail: 'environment: its services know before it begins',
    file: 'shared/ladder/steps.ts',
    find: 'return early === null ?',
    put: 'return true ?',
    test: {
      file: 'test/shared/ladder/environment.test.ts',
      title: 'a step of a service that is under way is seen through before the network is touched',
    },
  },
  {
    rail: 'a check that is not known',
    file: 'shared/ladder/decide.ts',
    find: "if (anyUnknown(turn.state, turn.config)) return wait(turn, 'a check cannot be read');",
    put: '',
    test: { file: 'test/shared/ladder/decide.test.ts', title: 'selects no level on unknown: it waits' },
  },
  {
    rail: 'an outcome that is not known',
    file: 'shared/ladder/steps.ts',
    find: "if (outcome === 'unknown') return handOver(",
    put: 'if (false) return handOver(',
    test: {
      file: 'test/shared/ladder/decide.test.ts',
      title: 'calls a person when an act is refused or its outcome is unknown',
    },
  },
  {
    rail: 'an act that was claimed is read back',
    file: 'functions/take-step/take-step.ts',
    find: 'if (phase.claim !== null) return seeThrough(ports, step, phase.claim);',
    put: '',
    test: { file: 'test/functions/take-step/asking.test.ts', title: 'is read back, once, and never begun again' },
  },
  {
    rail: 'an execution that CodePipeline confirms',
    file: 'shared/ladder/releases.ts',
    find: 'if (reading === null) return { unconfirmed: `CodePipeline knows no such execution of ${turn.config.pipeline}` };',
    put: '',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is not here because an event says so: CodePipeline must know the execution',
    },
  },
];
