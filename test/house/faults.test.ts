import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Proof = { file: string; says: string };
type Fault = { fault: string; what: string; proofs: Proof[] };

const at = (file: string, says: string): Proof => ({ file: `test/${file}`, says });

/** What may go wrong on AWS, what happens then, and the tests that show it, by the words of their titles. */
const faults: Fault[] = [
  {
    fault: 'a poison message in a batch',
    what: 'the others are recorded once; the one comes back alone, is dead-lettered after five receives, and is redriven after the fix',
    proofs: [
      at(
        'faults/poison.test.ts',
        'nine are recorded once, the one is dead-lettered after five tries, and redriven after the fix',
      ),
      at(
        'functions/support-per-batch/per-batch.test.ts',
        'gives back a message that is not one of ours, and does the others',
      ),
    ],
  },
  {
    fault: 'a message that fails whatever is mended around it',
    what: 'it is a dead letter at its first receive, with class and reason; what else fails comes back, by its class',
    proofs: [
      at(
        'faults/failure-classes.test.ts',
        'terminal by itself: dead-lettered at its first receive with class and reason',
      ),
      at('faults/failure-classes.test.ts', 'terminal by what is around it: comes back'),
      at('faults/failure-classes.test.ts', 'it is put back once, and is a dead letter again'),
    ],
  },
  {
    fault: 'an event that cannot be read',
    what: 'it is quarantined, on record, with the keyed digest of its bytes',
    proofs: [
      at(
        'functions/record-change/record-change.test.ts',
        'that cannot be read quarantines that one and records the others',
      ),
    ],
  },
  {
    fault: 'a throttled table, and replies that are lost',
    what: 'what was left undone is asked for again; what cannot be had comes back by its queue; nothing is lost or twice',
    proofs: [
      at('functions/support/dynamo-faults.test.ts', 'writes every item that a throttled table left unprocessed'),
      at('functions/support/dynamo-faults.test.ts', 'an unanswered marker is not an absent one'),
      at(
        'functions/support/dynamo-faults.test.ts',
        'records a group once, and says so, when the reply to its put was lost',
      ),
      at('functions/record-change/each-fact-once.test.ts', 'a table that is throttled and loses replies'),
    ],
  },
  {
    fault: 'a storm of conflicts: many writers of one lane',
    what: 'one wins each segment, the others begin again; no gap, no group twice or in part',
    proofs: [
      at(
        'functions/support/dynamo-writers.test.ts',
        'lose none, double none, halve none, leave no gap; chain and root are right',
      ),
      at('shared/trail/append.test.ts', 'gives the groups back when it lost every race, having paused after each'),
    ],
  },
  {
    fault: 'a reader a day behind',
    what: 'it follows the lane from its cursor; each entry has its effects once, and nothing that is a day old is acted on',
    proofs: [
      at('faults/reader-behind.test.ts', 'each entry is in the index once, and nothing a day old is acted on'),
      at('functions/index-trail/rebuild.test.ts', 'by a runner that is behind'),
    ],
  },
  {
    fault: 'an entry that a reader can never handle',
    what: 'after five tries it is passed by, on record, and its ladder is held; what it was to tell people is told all the same',
    proofs: [
      at(
        'shared/trail/follow.test.ts',
        'passes an entry by whose handling ends the process, so that a crash loop ends',
      ),
      at('shared/trail/follow.test.ts', 'counts failures across processes, each of which fails once'),
      at('functions/react/tell-skipped.test.ts', 'was a message: it is sent all the same'),
    ],
  },
  {
    fault: 'the KMS key of the table is disabled',
    what: 'nothing is acknowledged, followed or done; what waits in the queues is recorded once when it is enabled again',
    proofs: [
      at(
        'faults/key-disabled.test.ts',
        'nothing is acknowledged or done while it is, and all of it is recorded once when it is enabled again',
      ),
    ],
  },
  {
    fault: 'the KMS key that signs is gone, or refuses',
    what: 'nothing is signed; the next seal covers what came meanwhile',
    proofs: [
      at('functions/support/signers.test.ts', 'that refuses to sign signs nothing'),
      at(
        'functions/seal-trail/seal-trail.test.ts',
        'after growth covers what came since, and keeps every earlier checkpoint',
      ),
    ],
  },
  {
    fault: 'a topic is deleted',
    what: 'its alerts go by a second route at once, and come back until there is a topic again, which then gets them once; other topics get theirs at once',
    proofs: [
      at(
        'functions/send-alert/second-route.test.ts',
        'trying again does not help, so it goes by the second route at once',
      ),
      at('faults/topic-deleted.test.ts', 'the alert comes back until there is one again, and is then sent once'),
      at(
        'functions/send-alert/send-alert.test.ts',
        'comes back when a topic did not take it, and then sends only what is left',
      ),
    ],
  },
  {
    fault: 'a topic is throttled, hangs or fails, for an hour',
    what: 'no alert is lost; each goes by a second route after a minute, and to no topic more than three times',
    proofs: [
      at(
        'functions/send-alert/second-route.test.ts',
        'it is tried again for a minute, and then goes by the second route',
      ),
      at(
        'functions/send-alert/second-route.test.ts',
        'loses no message, and publishes none more than three times to a topic',
      ),
      at('simulation/simulate.test.ts', 'comes to messages that go round a topic which takes nothing'),
    ],
  },
  {
    fault: 'a subscriber of one machine does not take its messages',
    what: 'they are tried again as SNS does, also after a restart, and then go to its dead letters; nobody else waits',
    proofs: [
      at('local/topics/relay.test.ts', 'is posted the same message again when its time has come, and not before'),
      at('local/topics/relay.test.ts', 'is given up after the tries that its policy has'),
      at('local/topics/relay.test.ts', 'loses no subscription and no message that is on its way'),
    ],
  },
  {
    fault: 'a function ends between commit and acknowledge',
    what: 'its messages come again, their markers are found, nothing is recorded twice',
    proofs: [
      at('faults/between-commit-and-acknowledge.test.ts', 'its messages come again, and nothing is recorded twice'),
      at('end-to-end/kill.test.ts', 'loses nothing that was acknowledged, does nothing twice, and every incident ends'),
    ],
  },
  {
    fault: 'a function ends between an act and its result',
    what: 'what happened is read back; it is never asked for again',
    proofs: [
      at('end-to-end/kill-between.test.ts', 'it is found by reading back, and never asked for again'),
      at('end-to-end/kill-between.test.ts', 'and it never arrived: that is read back too'),
    ],
  },
  {
    fault: 'a call that nobody answers',
    what: 'it is given up after 15 s, tried three times in all, or once where it must not be made twice',
    proofs: [
      at('functions/support/aws-clients.test.ts', 'gives up a call that nobody answers, rather than wait for ever'),
      at('functions/support/aws-clients.test.ts', 'and one that must not be made twice once'),
    ],
  },
  {
    fault: 'clocks that are five minutes apart',
    what: 'the lane keeps the order of its writers, a timer is due by the clock of who asks, a seal takes it for how clocks differ',
    proofs: [
      at('faults/clock-skew.test.ts', 'the lane keeps its order, whoever writes; each fact is once, by its own time'),
      at('faults/clock-skew.test.ts', 'it is due by the reader’s own'),
      at('functions/seal-trail/seal-trail.test.ts', 'by five minutes or less is how clocks differ'),
    ],
  },
  {
    fault: 'the message of a timer is lost',
    what: 'the sweeper finds it at most two minutes after it is due',
    proofs: [
      at(
        'simulation/punctual.test.ts',
        'at most two minutes after it is due where the message of its timer never comes',
      ),
    ],
  },
  {
    fault: 'an event is never delivered',
    what: 'the reconciler reads it from its service, marked late',
    proofs: [
      at(
        'functions/reconcile/push-and-poll.test.ts',
        'each fact is on record once, and marked only where nobody had told it before',
      ),
    ],
  },
  {
    fault: 'a function is called with what is not for it',
    what: 'it refuses, before anything is done',
    proofs: [
      at(
        'functions/support-per-batch/per-batch.test.ts',
        'refuses, before anything is done, what is no batch of a queue',
      ),
      at('functions/support/house.test.ts', 'takes a schedule and the stream of the table, and nothing else'),
    ],
  },
  {
    fault: 'a log that cannot be written',
    what: 'done work stays done',
    proofs: [at('functions/support-per-batch/per-batch.test.ts', 'answers also when its log cannot be written')],
  },
];

describe('what may go wrong', () => {
  it.each(faults)('$fault: there are tests of it', ({ proofs }) => {
    for (const { file, says } of proofs) {
      expect(existsSync(`${root}${file}`)).toBe(true);
      expect(readFileSync(`${root}${file}`, 'utf8')).toContain(says);
    }
  });

  it('docs/reference/faults.md is what the tests say (vitest -u writes it)', async () => {
    const rows = faults.map(
      ({ fault, what, proofs }) =>
        `| ${fault} | ${what} | ${[...new Set(proofs.map(({ file }) => `\`${file}\``))].join(', ')} |`,
    );
    const page = `# Faults

What may go wrong between Escalator and AWS, what happens then, and where that is tested. In all of them nothing is lost and
nothing is done or recorded twice. The simulation (\`npm run simulate\`) puts most of them together, at random: duplicates, loss,
crashes before and after every effect, throttles, jumps of clocks, people acting meanwhile. Made by \`test/house/faults.test.ts\`.

| fault | what happens | tests |
| --- | --- | --- |
${rows.join('\n')}
`;
    await expect(page).toMatchFileSnapshot(`${root}docs/reference/faults.md`);
  });
});
