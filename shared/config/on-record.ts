import type { Entry, Source } from '../trail/entry.ts';
import { ownDraft } from '../trail/own-draft.ts';
import type { OwnGroup } from '../trail/own-kinds.ts';
import { text } from '../event/fields.ts';
import { withoutSecrets } from '../event/redact.ts';
import type { Config } from './config.ts';

/** Characters of the text in one entry: an entry has room for them however JSON has to write them. */
const partAtMost = 20_000;

/**
 * A configuration as it goes on record: once, whole, under the digest that every decision names. What is like a secret
 * in it is taken out, as everywhere; what decides is not.
 */
export const configGroup = ({ digest, text: whole }: Pick<Config, 'digest' | 'text'>, source: Source): OwnGroup => {
  const parts = partsOf(withoutSecrets(whole));
  return {
    key: `configuration/${digest}`,
    entries: parts.map((part) =>
      ownDraft({
        kind: 'configuration.loaded',
        subject: `escalator:configuration/${digest}`,
        source,
        detail: { digest, text: part },
      }),
    ),
  };
};

const partsOf = (text: string): string[] => {
  const characters = Array.from(text);
  const parts: string[] = [];
  for (let from = 0; from < characters.length || from === 0; from += partAtMost)
    parts.push(characters.slice(from, from + partAtMost).join(''));
  return parts;
};

/** The texts of all configurations among some entries, by digest. The parts of one stand together, in order. */
export const configTexts = (entries: Iterable<Pick<Entry, 'kind' | 'source' | 'detail'>>): Map<string, string> => {
  const texts = new Map<string, string>();
  for (const { kind, source, detail } of entries) {
    if (kind !== 'configuration.loaded' || source.name !== 'escalator') continue;
    const digest = text(detail, 'digest') ?? '';
    texts.set(digest, (texts.get(digest) ?? '') + (text(detail, 'text') ?? ''));
  }
  return texts;
};
