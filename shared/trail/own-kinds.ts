import type { LadderEvent } from '../ladder/events.ts';
import type { Draft, Group } from './entry.ts';

/**
 * The kinds of what Escalator itself says: a closed list, as that of observed facts is (`shared/event/kinds.ts`).
 * `docs/reference/kinds.md` is made from both. A kind is never renamed: it is on record.
 */
export const ownKinds = {
  // Ladders: every version of a ladder is one group of these
  'ladder.decided': 'A ladder took in an input and decided. What follows from it stands in the same group.',
  'check.changed': 'A check went from one of pass, fail and unknown to another.',
  'check.timed': 'It became known how long the alarm of a check takes to follow what it watches.',
  'release.sourced': 'It became known which commit an execution brings, and who claims to have written it.',
  'release.reached': 'A release reached an environment.',
  'release.unconfirmed':
    'A stage was said to have succeeded for an execution that CodePipeline does not confirm: nothing reached the environment by it.',
  'release.good': 'A release stayed long enough with all checks passing: it may be gone back to.',
  'release.quarantined': 'A release was the cause of an incident and is refused in this environment from now on.',
  'release.revoked': 'What the configuration revokes has changed: nobody goes back to it from now on.',
  'quarantine.ordered':
    'Somebody quarantined a commit, which may not have come here yet: it is refused until released.',
  'quarantine.lifted': 'Somebody released a commit from quarantine: it may come here again, and be gone back to.',
  'change.pushed': 'Somebody pushed a commit that may come here: they do not approve a drastic level for it.',
  'change.warned': 'A change on its way contains a commit whose release is quarantined; its author is told.',
  'incident.opened': 'A check failed and no incident was open.',
  'incident.joined': 'One more check failed while an incident was open.',
  'incident.waiting': 'An incident waits, and why; nothing is done until then.',
  'attempt.started': 'One pass over the levels of an incident started.',
  'incident.asking': 'A level wants to be approved: what would be done, by how many, until when.',
  'step.approved': 'Somebody approved what an incident asked for.',
  'step.intended': 'What is about to be done, before anything is. Nothing is done without this.',
  'step.started': 'A step is under way.',
  'step.ended': 'A step is over, and how.',
  'cause.shared': 'Many services began to fail together: a cause that no single ladder owns, so none acts.',
  'cause.handed-over':
    'A ladder waited for such a cause for too long: a person is called, once for all ladders that share it.',
  'services.called': "An environment's own levels are taken: those of its services follow, each in its own ladder.",
  'service.ended': 'A service that the ladder of its environment called has ended, and how.',
  'ladder.adopted': 'The ladder of the environment owns the cause: nothing is begun here unless it calls.',
  'ladder.let-go': 'The ladder of the environment is done: this one goes on by itself.',
  'incident.called': 'The ladder of the environment called: every level is taken, from the first.',
  'call.refused': 'A call of the ladder of the environment was not taken up, and why.',
  'incident.settling': 'Every step of an attempt is taken; its effects are waited for.',
  'incident.verifying': 'The checks were read from their source, to see whether all pass.',
  'incident.closed': 'An incident ended: converged, self-healed, observed, or handed over to a person.',
  'ladder.stopped': 'Somebody held or claimed a ladder: it does nothing until it is resumed, or the claim is over.',
  'ladder.resumed': 'What somebody held goes on, or a claim is over.',
  'circuit.opened': 'Too many runs of a ladder in a row did not converge: none is begun until a person closes it.',
  'circuit.closed': 'Somebody lets a ladder act again after too many runs that did not converge.',
  'target.written':
    'Somebody changed what a ladder acts on, not through the pipeline: for a while it begins nothing there.',
  'order.refused': 'An order was not carried out, and why.',
  'gameday.held': 'What a ladder would do if a check failed, played to its end in thought: nothing was done.',
  'ladder.held': 'A ladder was stopped, and why: it does nothing until it is freed.',
  'ladder.freed': 'A ladder that was held goes on.',
  'timer.set': 'When a ladder looks again.',

  // Acting
  'step.claimed': 'An act is taken on, on these readings: before the call is made.',
  'slot.taken': 'An act took one of the slots that its account, or its target, has for acts under way.',
  'step.result': 'What came of an act, as AWS answered or as it was read back.',

  // Telling people
  'alert.raised': 'People are to be told.',
  'alert.decided':
    'A group of alerts took something in: people are told, or not, or not yet, and why. What is told stands in the same group.',
  'alert.told': 'A message to people: what it says, and which topics it goes to.',
  'comment.due': 'Something is to be said on a commit, or on its pull request: where, and the text.',
  'comment.posted': 'CodeCommit took a comment of Escalator on a commit.',
  'comment.refused': 'CodeCommit did not take a comment of Escalator, and why. It is not tried again.',
  'silence.set':
    'Somebody stopped people from being told of some alerts, for a while, and why. Nothing acts differently.',
  'silence.lifted': 'Somebody lets people be told again.',
  'alert.sent': 'An alert was published to a topic; `insteadOf` and `why` where it is the second route of another one.',
  'alert.unsure':
    'An alert was given to a topic as often as may be, and nobody lived to say whether the topic took it: it is not given to it again.',

  // What events lack
  'commit.described': 'What CodeCommit answers about a commit: message, author, parents; or that it is gone.',

  'branch.rewritten':
    'A branch was moved to a commit that does not descend from where it stood: commits that were on it are no longer.',

  // What decides
  'configuration.loaded':
    'A configuration came into use for the first time: its text, in parts where it is long. Decisions name its digest.',

  // What nobody told
  'gap.found': 'Something happened that no event told of and no service tells of any more, and what is known of it.',

  // The trail about itself
  'reader.skipped': 'A reader of the trail could not take an entry in and passed it by.',
  'trail.idle': 'Nothing was recorded for a while: silence that is sealed cannot be mistaken for something taken out.',
  'trail.altered': 'Something is not as it was signed. Nothing is repaired by itself.',
  'trail.misdated': 'The time of recording went back from one entry to the next: a clock was set, or lies.',
  'trail.exported': 'Somebody took entries away: who, which, and the sums of what was handed out.',
  'trail.restored':
    'The trail was put together again from the archive: up to which entry, and since when what was recorded is lost.',
  'seal.refused': 'The trail was not signed, and why. A person is called.',

  // Commands
  'order.given':
    'Somebody told a ladder to do something: hold, claim, resume, approve, force, converge, quarantine or release, and why.',
  'incident.noted': 'Somebody put on record what caused an incident, and what prevents it from now on.',
  'gameday.asked': 'Somebody wanted to see what a ladder would do if a check failed, and why.',
  'dead-letters.redrive-asked': 'Somebody asked for the dead letters of a queue back.',
  'dead-letters.redriven': 'Dead letters went back to their queue, and how many.',
} as const satisfies { [Kind in LadderEvent['type']]: string } & { [kind: string]: string };

export type OwnKind = keyof typeof ownKinds;

/** What Escalator itself puts on record: of no kind that is not listed. */
export type OwnDraft = Draft<OwnKind>;
export type OwnGroup = Group<OwnKind>;
