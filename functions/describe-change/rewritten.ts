import { present } from '../../shared/event/fields.ts';
import { type Ancestry, lookBack } from '../../shared/population/ancestry.ts';
import type { DescribeMessage } from '../../shared/ports.ts';
import { ownDraft } from '../../shared/trail/own-draft.ts';
import type { OwnGroup } from '../../shared/trail/own-kinds.ts';
import type { DescribePorts } from './describe-change.ts';

/** So many commits are asked for behind where the branch stood, at most. */
const askedAtMost = 50;

/** What a push brought: the parents of each commit that was asked for. */
export type Walked = ReadonlyMap<string, readonly string[]>;

/**
 * What is put on record where a branch was moved to a commit that does not descend from where it stood; nothing where it
 * does, or nobody can say. No event says so, and neither does the entry of the push.
 */
export const rewritten = async (
  ports: DescribePorts,
  { repository, commit, old, segment, seq }: DescribeMessage,
  walked: Walked,
): Promise<OwnGroup[]> => {
  if (old === null || segment === undefined || seq === undefined || !walked.has(commit)) return [];
  if ((await ancestry(ports, { repository, commit, old }, walked)) !== 'forced') return [];
  const [moved] = await ports.trail.read({ segment, seq, count: 1 });
  if (moved === undefined) return [];
  const { ref = null, replayed, reconciled } = moved.detail;
  const { environment, service, actor, subject, occurredAt } = moved;
  return [
    {
      key: `rewritten/${repository}/${seq}`,
      entries: [
        ownDraft({
          kind: 'branch.rewritten',
          environment,
          service,
          actor,
          subject,
          occurredAt,
          change: { repository, commit },
          reason: 'the new commit does not descend from the old one: commits that were there are no longer',
          source: ports.source,
          detail: { repository, ref, old, new: commit, push: seq, ...present({ replayed, reconciled }) },
        }),
      ],
    },
  ];
};

type Moved = { repository: string; commit: string; old: string };

/** Looks back from the new commit, and, where that leads far, from the old one as well: they part soon, as a rule. */
const ancestry = async ({ commits }: DescribePorts, moved: Moved, walked: Walked): Promise<Ancestry> => {
  const { repository, commit, old } = moved;
  const parentsOf = (id: string): readonly string[] | null => walked.get(id) ?? null;
  const before = new Set<string>();
  const front = [old];
  for (let asked = 0; ; asked += 1) {
    const found = lookBack(parentsOf, commit, old, before);
    const id = front.shift();
    if (found !== 'unknown' || id === undefined || asked === askedAtMost) return found;
    const parents = (await commits.get(repository, id))?.parents;
    if (parents === undefined) return 'forced'; // what a branch leads to cannot be gone
    for (const parent of parents.filter((one) => !before.has(one))) front.push(parent);
    for (const parent of parents) before.add(parent);
  }
};
