import { describe, expect, it } from 'vitest';
import { actionsOf, shop, statements, templateOf } from './template.ts';
import type { Config } from '../../shared/config/config.ts';

const services = [
  ...shop.services,
  ...shop.services.map((one) => ({ ...one, service: 'till', repository: 'till' })),
  ...shop.services.map((one) => ({ ...one, repository: 'far', elsewhere: { account: '111122223333', region: null } })),
];

/** What may be said on commits, by whom and where: the end of the policy's name, the call and the repositories. */
const granted = (config: Partial<Config>) =>
  statements(templateOf({ ...shop, ...config }))
    .filter(([, statement]) => actionsOf(statement).some((action) => action.startsWith('codecommit:Post')))
    .map(([id, statement]) => ({
      by: /^Alerts\w*SendAlert/.test(id),
      calls: actionsOf(statement),
      on: [...JSON.stringify(statement.Resource).matchAll(/:([\w-]+)"\]\]/g)].map(([, name]) => name),
    }));

describe('what the sender may say on commits', () => {
  it('is nothing where developers are not told by comments', () => {
    expect(granted({ developers: { to: 'sre', comments: false } })).toEqual([]);
  });

  it('is two calls, in the repositories of this account that the configuration names, and in no other', () => {
    expect(granted({ services, developers: { to: null, comments: true } })).toEqual([
      {
        by: true,
        calls: ['codecommit:PostCommentForComparedCommit', 'codecommit:PostCommentForPullRequest'],
        on: ['shop', 'till'],
      },
    ]);
  });
});
