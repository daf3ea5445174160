import { type Action, type IntentBase, not, type Resource, wait } from './action.ts';

export type PreviousVersion = IntentBase & {
  action: 'previous-version';
  function: string;
  alias: string;
  /** versions that were gone back from within 24 h */
  avoid: string[];
};

/** An alias of a Lambda function as it was right before an act on it. */
export type AliasReading = {
  of: 'alias';
  /** the version it points to */
  version: string;
  /** changes with each change of the alias: who names an older one is refused */
  revision: string;
  /** versions that get a share of its calls besides */
  weighted: string[];
  /** the newest published version before the one it points to */
  previous: string | null;
};

export const aliasReading = (reading: { of: string } | null | undefined): AliasReading | null =>
  reading?.of === 'alias' ? (reading as AliasReading) : null;

/** AWS knows no resource for an alias: its function's is granted. */
const functionResource = (form: { function: string }): Resource => ({
  service: 'lambda',
  name: `function:${form.function}`,
});

/**
 * Points an alias of a Lambda function back to the published version before: UpdateAlias with the revision that was
 * read, so that somebody else's change in between is never overwritten. The environment is diverged until the pipeline
 * agrees.
 */
export const previousVersion: Action<PreviousVersion> = {
  contract: 'natural',
  about: {
    written: '{ previous-version: shop:live }',
    does: 'Points a Lambda alias to the published version before: UpdateAlias, with the RevisionId that was read. Waits while calls are being shifted (weights). Refused for an alias to `$LATEST`, or with no published version before. It goes around the pipeline.',
    known: 'the alias points there, without weights',
  },
  aside: true,
  goesBack: true,
  aim: ({ function: name, alias }, { service }) =>
    service === null ? null : { target: `${name}:${alias}`, function: name, alias },
  mayAct: ({ target }, readings) => {
    const reading = aliasReading(readings.target);
    if (reading === null) return wait(`alias ${target} cannot be read`);
    if (reading.version === '$LATEST') return not(`alias ${target} points to $LATEST, which has no version before it`);
    if (reading.weighted.length > 0)
      return wait(
        `calls of alias ${target} are being shifted (version ${reading.weighted.join(', ')}): that is let finish`,
      );
    return reading.previous === null
      ? not(`there is no published version before ${reading.version} of ${target} to go back to`)
      : { may: 'act' };
  },
  says: ({ target }) => `point alias ${target} back to the version before, around its pipeline`,
  grants: (form) => [{ actions: ['lambda:UpdateAlias'], on: [functionResource(form)] }],
  sees: (form) => [{ actions: ['lambda:GetAlias', 'lambda:ListVersionsByFunction'], on: [functionResource(form)] }],
};
