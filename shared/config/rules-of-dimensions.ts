import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';

/**
 * A level can only be given what fails where a check says so: one `per` that dimension, for this level or one before it.
 *
 * @param checks what is written of the checks of the ladder
 * @param levels what is written of its levels, most drastic first
 */
export const dimensionFindings = (checks: unknown[], levels: unknown[], path: Path): Finding[] =>
  levels.flatMap((level, index) => {
    const names = levels.slice(0, index + 1).map((one) => valueAt(one, ['level']));
    const known = checks
      .filter((check) => names.includes(valueAt(check, ['level'])))
      .map((check) => valueAt(check, ['per']));
    return wantedBy(level).flatMap(({ parameter, per }) =>
      known.includes(per)
        ? []
        : [neverGiven(per, known, [...path, 'ladder', index, 'do', 'parameters', parameter, 'per'])],
    );
  });

const wantedBy = (level: unknown): { parameter: string; per: string }[] => {
  const parameters = valueAt(level, ['do', 'parameters']);
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return [];
  return Object.entries(parameters).flatMap(([parameter, text]) => {
    const per = valueAt(text, ['per']);
    return typeof per === 'string' ? [{ parameter, per }] : [];
  });
};

const neverGiven = (per: string, known: unknown[], path: Path): Finding => {
  const there = [...new Set(known.filter((one) => typeof one === 'string'))];
  const wanted =
    there.length === 0
      ? 'a dimension that a check of this level, or of one before it, names with per'
      : `a dimension that a check of this level, or of one before it, names with per: ${there.join(', ')}`;
  const todo = `add per: ${per} to the check that asks for the level, or give the parameter a text`;
  return { path, at: 'value', found: `per ${sayFound(per)}, of which no check says what fails`, wanted, todo };
};
