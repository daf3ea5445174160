import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ActionConfig } from '../../shared/config/config.ts';
import { action as form } from '../../shared/config/schema/action.ts';
import { actions, grantsOf, seesOf } from '../../shared/ladder/actions.ts';
import type { About, Contract, Grant, Passed, Resource } from '../../shared/ladder/actions/action.ts';
import { shop } from '../harness/ladder.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const all = Object.entries(actions) as [string, { about: About; contract: Contract }][];
const formOf = (about: About): ActionConfig => form.parse(parse(about.written));

/** AWS knows no resource for these. */
const notNarrower = ['codedeploy:StopDeployment'];

const arn = (on: Resource | Passed): string => ('arn' in on ? `\`${on.arn}\`` : `\`${on.service}:…:${on.name}\``);

/** `codepipeline:RollbackStage` on `codepipeline:shop/Deploy`. */
const grant = ({ actions: names, on }: Grant): string => {
  const where = on === '*' ? '`*`' : on.map(arn).join(', ');
  return `${names.map((name) => `\`${name}\``).join(', ')} on ${where}`;
};

const section = ([name, { about, contract }]: (typeof all)[number]): string => {
  const [done, seen] = [grantsOf(formOf(about), shop()), seesOf(formOf(about), shop())];
  return `## \`${name}\`

\`do: ${about.written}\`

${about.does}

- Contract: \`${contract}\`
- What became of it: ${about.known}
- May do: ${done.map(grant).join('; ')}
- May read: ${seen.map(grant).join('; ')}
`;
};

it('docs/reference/actions.md is what the code says (vitest -u writes it)', async () => {
  const page = `# Actions

What a level may do (\`do:\` in [\`escalator.yaml\`](configuration.md)), each in a file of \`shared/ladder/actions/\`, of which this
page is made. Before each of them the ladder asks the same: the kill switch allows it, the checks were read in the last 30
seconds, one still fails, nobody holds the ladder, no person is at work on the target; the rest stands here. An action **waits**
(looks again each \`poll\`, and hands over after an hour) while its target cannot be read, or something is under way there that
may be the fix or the service's own healing. It is **refused**, and a person called, where the target is not there, is empty, or
there is nothing to go back to. Where what it would do is so **already**, nothing is done and the next level is taken; a first
level, whose own check fails, calls a person instead.

The contract says what a second call would do: \`token\`, AWS knows it by its token; \`natural\`, a state set twice is
harmless; \`none\`, it would be done twice, so that it is called once, and read back where the answer is lost. What cannot be
read back is \`unknown\`, and a person is called.

Of ECS, CodeDeploy, Auto Scaling, Lambda and SSM a client error (4xx) is sure: nothing was done, and the step failed with what
the service said. What says "not now" is asked again later: throttling, a deployment that ended in the moment before
(\`ConflictException\`, \`DeploymentAlreadyCompletedException\`), an alias that somebody changed (\`PreconditionFailedException\`,
\`ResourceConflictException\`), another refresh, too many executions. Anything else is not known: nothing is called again. When
something else takes the place of what was begun, the step failed.

Those that go around the pipeline leave it behind: what it deployed last is not what runs then. People are told so with the
step, and \`escalator ladder show\` says \`diverged\`, until the pipeline puts a release there. What was gone back from is not gone
back to for 24 h.

"May do" is granted to the function that acts, and only for levels that ask or act; "may read" to it and to the one that
decides. Names are those of the example: the service \`shop\` with the pipeline \`shop\` and the stage \`Deploy\`. A role is handed
on (\`iam:PassRole\`) only where the configuration names one (\`role\` of \`run-automation\`). UpdateService with another task
definition may need it for the roles of that task definition: Escalator does not know them and is granted none, so that where
ECS refuses for that reason the step failed with ECS's words.

${all.map(section).join('\n')}`;
  await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/actions.md'));
});

describe.each(all)('%s', (name, { about }) => {
  it('is written as its page says', () => {
    expect(formOf(about).type).toBe(name);
  });

  it('may do something, and to everything only what AWS grants no other way', () => {
    const done = grantsOf(formOf(about), shop());
    expect(done.length).toBeGreaterThan(0);
    const anywhere = done.filter(({ on }) => on === '*' || on.length === 0).flatMap(({ actions: names }) => names);
    expect(anywhere.filter((one) => !notNarrower.includes(one))).toEqual([]);
  });
});
