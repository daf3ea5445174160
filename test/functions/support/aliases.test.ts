import { GetAliasCommand, type LambdaClient, type ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { aliasAfter, aliasBefore } from '../../../functions/support/aliases.ts';
import type { PreviousVersion } from '../../../shared/ladder/actions/previous-version.ts';
import { shop } from '../../harness/ladder.ts';

const intent: PreviousVersion = {
  action: 'previous-version',
  actKey: 'production/shop#4.1',
  level: 'deploy',
  target: 'shop:live',
  function: 'shop',
  alias: 'live',
  avoid: [],
  deadline: '2026-11-21T13:00:00.000Z',
};

/** Lambda with an alias, and the versions of its function on pages; counts the pages that are asked for. */
const lambda = (version: string, page: (marker: number) => { versions: string[]; last: boolean }) => {
  const asked: number[] = [];
  const send = (command: object): Promise<object> => {
    if (command instanceof GetAliasCommand) return Promise.resolve({ FunctionVersion: version, RevisionId: 'r' });
    const marker = Number((command as ListVersionsByFunctionCommand).input.Marker ?? 0);
    asked.push(marker);
    const { versions, last } = page(marker);
    const Versions = versions.map((Version) => ({ Version }));
    return Promise.resolve({ Versions, ...(!last && { NextMarker: String(marker + 1) }) });
  };
  return {
    asked,
    eye: {
      before: aliasBefore({ send } as unknown as LambdaClient),
      after: aliasAfter({ send } as unknown as LambdaClient),
    },
  };
};

it('looks for the version before on all pages: they begin with the oldest', async () => {
  const pages = [
    ['$LATEST', '1', '2'],
    ['7', '9'],
    ['10', '11'],
  ];
  const { eye, asked } = lambda('10', (marker) => ({ versions: pages[marker] ?? [], last: marker === 2 }));
  expect((await eye.before(shop(), intent, null)).target).toMatchObject({ version: '10', previous: '9' });
  expect(asked).toEqual([0, 1, 2]);
});

it('gives up after 40 pages: what was not read in full is not gone by', async () => {
  const { eye, asked } = lambda('10', (marker) => ({ versions: [String(marker + 1)], last: false }));
  expect((await eye.before(shop(), intent, null)).target).toBeNull();
  expect(asked).toHaveLength(40);
});
