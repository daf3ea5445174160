import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { roles } from '../../../shared/door/roles.ts';

const file = fileURLToPath(new URL('../../../docs/reference/door.md', import.meta.url));

it('docs/reference/door.md is what the code says (vitest -u writes it)', async () => {
  const rows = Object.entries(roles).map(([role, { about, may }]) => {
    const paths = may.map(({ method, path }) => `\`${method} ${path}\``).join(', ');
    return `| \`escalator-${role}-REGION\` | ${about} | ${paths} |`;
  });
  await expect(`# The door

On AWS people ask Escalator, and tell it what to do, through an HTTP API (API Gateway). Every request is signed with AWS
credentials (Signature Version 4) and goes through IAM: who has no policy for a path is refused. The ARN that signed is
the actor of what comes of it, verified; a name in the request counts for nothing. Who asked for what, and what came of
it, stands in the log of the API, refusals too.

The stack makes a policy for each role; whoever runs the account gives them to people, groups or permission sets. Nobody
has one by default.

| policy | who has it | may |
| --- | --- | --- |
${rows.join('\n')}

\`escalator\` signs with the credentials that the AWS CLI would use. Where the door is stands in the stack's output \`Url\`:

\`\`\`
export ESCALATOR_URL=https://abc123.execute-api.eu-west-1.amazonaws.com
escalator ladder show production/shop
\`\`\`

The kill switch is not behind the door: it is a parameter of Systems Manager, and works when the door does not.
`).toMatchFileSnapshot(file);
});
