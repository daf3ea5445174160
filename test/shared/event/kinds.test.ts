import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../shared/event/kinds.ts';
import { ownKinds } from '../../../shared/trail/own-kinds.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const filesIn = (rooms: string[]): [string, string][] =>
  rooms
    .flatMap((room) => readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((f) => join(room, f)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]);

const listed = (list: { [kind: string]: string }): string =>
  Object.entries(list)
    .map(([kind, sentence]) => `- \`${kind}\`: ${sentence}`)
    .join('\n');

describe('the kinds of entries', () => {
  it('stand in the reference as they stand in the code', async () => {
    const page = `# Kinds of entries

Every entry of the trail is of one of these kinds, and nothing can be written that is of another. This page is made from
\`shared/event/kinds.ts\` and \`shared/trail/own-kinds.ts\`; after a change there, \`npx vitest run test/shared/event -u\`
writes it anew. Which event becomes which kind: [events.md](events.md).

## What people and AWS do

Observed facts. Their \`source\` is whoever reported them.

${listed(kinds)}

## What Escalator says and does

The \`source\` of these is \`escalator\`. They stand on the same record as everything else.

${listed(ownKinds)}
`;
    await expect(page).toMatchFileSnapshot(join(root, 'docs/reference/kinds.md'));
  });

  it('of what is observed and of what Escalator says are not the same', () => {
    expect(Object.keys(kinds).filter((kind) => Object.hasOwn(ownKinds, kind))).toEqual([]);
  });

  it('are words, a noun before what became of it, and each has a sentence', () => {
    for (const [kind, sentence] of Object.entries({ ...kinds, ...ownKinds })) {
      expect(kind).toMatch(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?$/);
      expect(sentence).toMatch(/^[A-Z].{10,}[.]$/);
    }
  });

  it('are named by whoever writes, so that no other kind compiles: who only handles drafts is listed here', () => {
    const handling = [
      'shared/ports.ts',
      'shared/rehearse/compare.ts',
      'shared/rehearse/own.ts',
      'shared/rehearse/walk.ts',
      'shared/trail/segment.ts',
    ];
    const open = filesIn(['shared', 'functions'])
      .filter(([, text]) => /import type \{[^}]*\b(Draft|Group)\b[^}]*\} from '[^']*\/entry\.ts'/.test(text))
      .filter(([, text]) =>
        /\b(Draft|Group)\b(?!<)/.test(text.replaceAll(/^import .*$/gm, '').replaceAll(/\/\*\*.*?\*\//gs, '')),
      )
      .map(([file]) => file);
    expect(open).toEqual(handling);
  });
});
