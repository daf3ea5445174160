import type { Removal } from '../removal.ts';

/** Who decides, and which release an act is for. */
export const ofTheRelease: Removal[] = [
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
];
