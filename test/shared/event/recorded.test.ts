import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../shared/event/kinds.ts';
import { filesUnder, groupsOf, nameOf } from './harness.ts';

/** Events recorded or published elsewhere, where somebody has put them beside the repository. */
const folder = fileURLToPath(new URL('../../../../shared/events', import.meta.url));

const messagesIn = (file: string): string[] => {
  const text = readFileSync(file, 'utf8');
  return file.includes('/sequences/') ? (JSON.parse(text) as object[]).map((event) => JSON.stringify(event)) : [text];
};

const files = existsSync(folder) ? filesUnder(folder).filter((file) => /\.(json|txt)$/.test(file)) : [];

describe.skipIf(files.length === 0)('every recorded event', () => {
  it.each(files.map((file) => [nameOf(file, folder), file]))(
    '%s goes on record, twice as the same facts',
    (_, file) => {
      for (const message of messagesIn(file)) {
        const groups = groupsOf(message);
        expect(groups.length).toBeGreaterThan(0);
        for (const { entries } of groups) expect(kinds).toHaveProperty([entries[0]?.kind ?? '']);
        expect(groupsOf(message).map(({ key }) => key)).toEqual(groups.map(({ key }) => key));
      }
    },
  );

  it.each(files.filter((file) => !/\/odd\//.test(file)).map((file) => [nameOf(file, folder), file]))(
    '%s is understood, being of a known source',
    (_, file) => {
      const said = messagesIn(file).flatMap((message) => groupsOf(message).map(({ entries }) => entries[0]?.kind));
      expect(said).not.toContain('unknown');
      expect(said).not.toContain('quarantined');
    },
  );
});
