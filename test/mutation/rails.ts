/** A guard rail, how it is taken away, and the test that notices it. */
export type Removal = {
  /** as `escalator ladder show` names it, with what of it where there is more than one; else in words */
  rail: string;
  /** where it stands */
  file: string;
  /** what stands there, once */
  find: string;
  /** what stands there when the rail is gone */
  put: string;
  /** the test that fails then: its title, without those of what it is within */
  test: { file: string; title: string };
};

export const removals: Removal[] = [
  {
    rail: 'kill-switch',
    file: 'shared/ladder/may-act.ts',
    find: 'if (readings.released !== true) return not(readings.released.stopped);',
    put: '',
    test: {
      file: 'test/shared/ladder/refusals-told.test.ts',
      title: 'calls a person, and says which: the kill switch is thrown for redeploy',
    },
  },
  {
    rail: 'kill-switch: cannot be read',
    file: 'shared/ladder/kill-switch.ts',
    find: "if (text === null) return { thrown: 'the kill switch cannot be read' };",
    put: 'if (text === null) return { except: [] };',
    test: {
      file: 'test/shared/ladder/kill-switch.test.ts',
      title: 'that cannot be read stops every act of every ladder',
    },
  },
  {
    rail: 'kill-switch: not understood',
    file: 'shared/ladder/kill-switch.ts',
    find: "if (first !== actingAllowed) return { thrown: 'the kill switch is thrown' };",
    put: '',
    test: { file: 'test/shared/ladder/kill-switch.test.ts', title: 'stops everything that says "stop"' },
  },
  {
    rail: 'kill-switch: read before each act',
    file: 'functions/take-step/take-step.ts',
    find: 'released: stopped === null ? true : { stopped }',
    put: 'released: true',
    test: {
      file: 'test/functions/take-step/take-step.test.ts',
      title: 'is not done, and its claim is not made, when the kill switch is thrown',
    },
  },
  {
    rail: 'fresh-reading',
    file: 'shared/ladder/may-act.ts',
    find: ' || msBetween(readings.readAt, now) > freshForMs',
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the checks were read more than 30 s ago' },
  },
  {
    rail: 'fresh-reading: cannot be read',
    file: 'shared/ladder/may-act.ts',
    find: '!wereRead(readings) || ',
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the checks cannot be read' },
  },
  {
    rail: 'still-failing',
    file: 'shared/ladder/may-act.ts',
    find: "if (!wanted && !anyFails(readings, config, checks)) return wait('no check fails any more');",
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when no check fails any more' },
  },
  {
    rail: 'metric',
    file: 'shared/ladder/acting.ts',
    find: 'return doubt !== null ? handOver(turn, doubt) : claimed(',
    put: 'return claimed(',
    test: {
      file: 'test/shared/ladder/metric.test.ts',
      title: 'is not where it does not, and a person is called with both',
    },
  },
  {
    rail: 'newer-change',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.newer !== null) return',
    put: 'if (false) return',
    test: {
      file: 'test/shared/ladder/may-act.test.ts',
      title: 'waits when a newer change is on its way (execution x-2)',
    },
  },
  {
    rail: 'native-healing',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.healing !== undefined) return wait(traffic.healing);',
    put: '',
    test: {
      file: 'test/shared/ladder/stage-actions.test.ts',
      title: 'waits: somebody rolls back already (execution x-8)',
    },
  },
  {
    rail: 'stage-busy',
    file: 'shared/ladder/actions/pipeline.ts',
    find: 'if (traffic.stageBusy !== null) return',
    put: 'if (false) return',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'waits when the stage is busy with execution x-2' },
  },
  {
    rail: 'a transition that somebody closed',
    file: 'shared/ladder/actions/pipeline.ts',
    find: "return traffic.closed === undefined ? { may: 'act' } : wait(traffic.closed);",
    put: "return { may: 'act' };",
    test: {
      file: 'test/shared/ladder/stage-actions.test.ts',
      title: 'waits: the way into stage Deploy was closed by Ada: audit',
    },
  },
  {
    rail: 'itself',
    file: 'shared/config/rules-of-itself.ts',
    find: "if (typeof name !== 'string' || !ownName.test(name)) return [];",
    put: 'return [];',
    test: {
      file: 'test/shared/config/itself.test.ts',
      title: 'never acts on itself: its pipeline is refused, escalator-delivery',
    },
  },
  {
    rail: 'empty-target',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: "if (given.length === 0) return not('there is no instance to replace: an empty target is refused');",
    put: '',
    test: { file: 'test/shared/ladder/may-act.test.ts', title: 'refuses to replace no instance at all' },
  },
  {
    rail: 'empty-target: by its name',
    file: 'shared/ladder/targets.ts',
    find: '{ refused: `check ${mute.name} fails, and no ${per} is told that does: an empty target is refused` }',
    put: "{ nothing: 'it is not told' }",
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses an empty target: its check fails, and nobody says of what',
    },
  },
  {
    rail: 'targets',
    file: 'shared/ladder/targets.ts',
    find: 'targets.length <= limit ? null',
    put: 'targets.length >= 0 ? null',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses more than its limit, and a person is called' },
  },
  {
    rail: 'targets: by the time of the act',
    file: 'shared/ladder/targets.ts',
    find: 'return now.length > limit ? not(tooMany(now, limit, name)) : null;',
    put: 'return null;',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses more than its limit also where that began after it was intended',
    },
  },
  {
    rail: 'targets: where the limit is another by then',
    file: 'shared/ladder/targets.ts',
    find: 'if (targets !== undefined && targets.length > limit) return not(tooMany(targets, limit, name));',
    put: '',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'refuses more than the limit that the configuration has by then, though a person forced it',
    },
  },
  {
    rail: 'targets: of the whole',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: 'if (limit !== null && given.length > limit)',
    put: 'if (false)',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'acts on all only where no check says by name what fails, and a person who forces it is held to its limit',
    },
  },
  {
    rail: 'what fails no more is not acted on',
    file: 'shared/ladder/targets.ts',
    find: 'if (well.length > 0) return wait(',
    put: 'if (false) return wait(',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'plans anew where what it is meant for fails no more' },
  },
  {
    rail: 'what was meant for all is not done where what fails has a name by then',
    file: 'shared/ladder/targets.ts',
    find: 'if (targets === undefined) return now.length === 0 ? null : wait(',
    put: 'if (targets === undefined) return true ? null : wait(',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'plans anew where it was meant for all, and a check says by then what fails',
    },
  },
  {
    rail: 'what is no name is not handed on',
    file: 'shared/ladder/targets.ts',
    find: 'withinForm(targets, per) ?? ',
    put: '',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses what is no plain name, and a person is called' },
  },
  {
    rail: 'what is not there is not acted on',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: 'if (strange.length > 0)',
    put: 'if (false)',
    test: { file: 'test/shared/ladder/per.test.ts', title: 'refuses what is not in the service it acts on' },
  },
  {
    rail: 'how many are acted on at once',
    file: 'shared/ladder/actions/replace-instances.ts',
    find: 'if (limit !== null && given.length > limit)',
    put: 'if (false)',
    test: {
      file: 'test/shared/ladder/per.test.ts',
      title: 'acts on all only where no check says by name what fails, and a person who forces it is held to its limit',
    },
  },
  {
    rail: 'overtaken',
    file: 'shared/ladder/acting.ts',
    find: 'if (late !== null) return wait(turn, late);',
    put: '',
    test: {
      file: 'test/shared/ladder/quarantine.test.ts',
      title: 'is not begun when another release runs here by now',
    },
  },
  {
    rail: 'late-alarm',
    file: 'shared/ladder/decide.ts',
    find: 'if (msBetween(input.at, turn.now) > staleAfterMs) return turn;',
    put: '',
    test: {
      file: 'test/shared/ladder/decide.test.ts',
      title: 'is not opened by an alarm event that is ten minutes old',
    },
  },
  {
    rail: 'runs-an-hour',
    file: 'shared/ladder/steps.ts',
    find: "{ per: 'an hour', ms: hourInMs, runs: budgets.runsPerHour },",
    put: '',
    test: { file: 'test/shared/ladder/outcome.test.ts', title: 'no more than three runs an hour' },
  },
  {
    rail: 'runs-a-day',
    file: 'shared/ladder/steps.ts',
    find: "{ per: 'a day', ms: 24 * hourInMs, runs: budgets.runsPerDay },",
    put: '',
    test: { file: 'test/shared/ladder/climb.test.ts', title: 'of a day is free again after a day, and not before' },
  },
  {
    rail: 'rollbacks-a-day',
    file: 'shared/ladder/redeploy.ts',
    find: 'return lastDay >= rollbacksPerDay ?',
    put: 'return false ?',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is gone back from once a day by default; the next time a person is called',
    },
  },
  {
    rail: 'rollbacks-an-incident',
    file: 'shared/ladder/redeploy.ts',
    find: "if (openIncident(turn).rolledBack) return 'this incident went back once already';",
    put: '',
    test: {
      file: 'test/shared/ladder/rollbacks.test.ts',
      title: 'happens once in an incident: then a person is called',
    },
  },
  {
    rail: 'acting: on one target',
    file: 'shared/ladder/slots.ts',
    find: '{ of: `target/${target}`, limit: 1 },',
    put: '',
    test: { file: 'test/shared/ladder/slots.test.ts', title: 'two ladders never act on one target at once' },
  },
  {
    rail: 'acting: of this ladder',
    file: 'shared/ladder/acting.ts',
    find: ' || incident.phase.claim !== null || act === null) return turn;',
    put: ' || act === null) return turn;',
    test: {
      file: 'test/shared/ladder/may-act.test.ts',
      title: 'is granted once, and stands in the state of the ladder',
    },
  },
  {
    rail: 'ladders-acting',
    file: 'shared/ladder/slots.ts',
    find: '{ of: `account/${account}`, limit: acting },',
    put: '',
    test: {
      file: 'test/shared/ladder/slots.test.ts',
      title: 'three ladders act at once, the others wait, and all have their turn',
    },
  },
  {
    rail: 'circuit',
    file: 'shared/ladder/circuit.ts',
    find: 'circuit.open\n',
    put: 'false\n',
    test: {
      file: 'test/shared/ladder/circuit.test.ts',
      title: 'opens with the second run in a row that did not converge, and no run is begun then',
    },
  },
  {
    rail: 'attempts',
    file: 'shared/ladder/steps.ts',
    find: 'if (attempt > turn.config.attempts) return',
    put: 'if (false) return',
    test: {
      file: 'test/shared/ladder/outcome.test.ts',
      title: 'gives up after the last attempt and calls a person, once',
    },
  },
  {
    rail: 'restarts',
    file: 'shared/ladder/steps.ts',
    find: ' || incident.retries >= retriesAtMost',
    put: '',
    test: {
      file: 'test/shared/ladder/climb.test.ts',
      title: 'that never began is intended three times more under the same attempt',
    },
  },
  {
    rail: 'approvals',
    file: 'shared/ladder/steps.ts',
    find: 'if (approvalsMissing(turn, level) > 0) return ask(turn, level);',
    put: '',
    test: { file: 'test/shared/ladder/approvals.test.ts', title: 'puts its plan to people and does nothing' },
  },
  {
    rail: 'approvals: not by whose change it is',
    file: 'shared/ladder/orders.ts',
    find: 'return hand === null ? null : `${hand}: somebody else must approve`;',
    put: 'return null;',
    test: { file: 'test/shared/ladder/approvals.test.ts', title: 'asks whatever its mode, and not its author' },
  },
  {
    rail: 'approvals: each person once',
    file: 'shared/ladder/orders.ts',
    find: 'idOf(given.who) === idOf(who)))',
    put: 'idOf(given.who) === undefined))',
    test: { file: 'test/shared/ladder/approvals.test.ts', title: 'may want two, and one of them not twice' },
  },
  {
    rail: 'mode observe',
    file: 'shared/ladder/steps.ts',
    find: "if (level.mode === 'observe') return close(",
    put: 'if (false) return close(',
    test: { file: 'test/shared/ladder/outcome.test.ts', title: 'observe stops after the plan and does nothing' },
  },
  {
    rail: 'what the configuration says by the time of the act',
    file: 'shared/ladder/acting.ts',
    find: 'if (withdrawn !== null) return wait(turn, withdrawn);',
    put: '',
    test: {
      file: 'test/shared/ladder/taken-in.test.ts',
      title: 'is not granted where, since it was intended, the level only observes',
    },
  },
  {
    rail: 'suspect-age',
    file: 'shared/ladder/redeploy.ts',
    find: 'if (!isRecent(suspect, incident.openedAt, turn.config)) return null;',
    put: '',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is not gone back from when it went out longer ago than the suspicion lasts',
    },
  },
  {
    rail: 'gone back from for cause only',
    file: 'shared/ladder/redeploy.ts',
    find: ' && suspect.passedBefore.includes(candidate.name)',
    put: '',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is not gone back from when the check was failing before it went out',
    },
  },
  {
    rail: 'redeployed before it is gone back from',
    file: 'shared/ladder/redeploy.ts',
    find: 'if (!redeployed && known === null) return null;',
    put: '',
    test: {
      file: 'test/shared/ladder/release.test.ts',
      title: 'is redeployed first, then gone back from for cause, and quarantined',
    },
  },
  {
    rail: 'gone-back-from',
    file: 'shared/ladder/releases.ts',
    find: "return wentBackFrom(state, commit, now) ? 'gone back from within 24 h' : null;",
    put: 'return null;',
    test: {
      file: 'test/shared/ladder/eligible.test.ts',
      title: 'is neither put there nor gone back to for as long, though nothing else is remembered of it',
    },
  },
  {
    rail: 'quarantine',
    file: 'shared/ladder/releases.ts',
    find: 'const known = state.quarantines.find((one) => one.commit === commit);',
    put: 'const known = state.quarantines.find(() => false);',
    test: { file: 'test/shared/ladder/quarantine.test.ts', title: 'is refused at the stage, with who said so and why' },
  },
  {
    rail: 'quarantines',
    file: 'shared/ladder/quarantine.ts',
    find: 'return ordered < orderedAtMost',
    put: 'return true',
    test: { file: 'test/shared/ladder/quarantine.test.ts', title: 'where people quarantined as many as are kept' },
  },
  {
    rail: 'revoked',
    file: 'shared/ladder/releases.ts',
    find: 'if (revoked !== null) return revoked;',
    put: '',
    test: {
      file: 'test/shared/ladder/revoked.test.ts',
      title: 'is not gone back to, though it was good; a better one before it may be',
    },
  },
  {
    rail: 'bake',
    file: 'shared/ladder/releases.ts',
    find: "release.good ? null : 'never stayed with all checks passing for the bake time',",
    put: '',
    test: {
      file: 'test/shared/ladder/eligible.test.ts',
      title: 'but not when it is never stayed with all checks passing for the bake time',
    },
  },
  {
    rail: 'releases-back',
    file: 'shared/ladder/releases.ts',
    find: "releasesBack(state, release) > releasesBackAtMost ? 'more than three releases back' : null,",
    put: '',
    test: {
      file: 'test/shared/ladder/eligible.test.ts',
      title: 'when three releases went out since, and not when four did',
    },
  },
  {
    rail: 'last-served',
    file: 'shared/ladder/releases.ts',
    find: "msBetween(lastServed(state, release, now), now) > servedAtMostMs ? 'last served more than 30 days ago' : null,",
    put: '',
    test: {
      file: 'test/shared/ladder/eligible.test.ts',
      title: 'but not when it is last served more than 30 days ago',
    },
  },
  {
    rail: 'last good came by itself',
    file: 'shared/ladder/releases.ts',
    find: "release.byRollback ? 'reached by a rollback' : null,",
    put: '',
    test: { file: 'test/shared/ladder/eligible.test.ts', title: 'but not when it is reached by a rollback' },
  },
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
