import { compilePattern, PatternError, type PatternMistake } from '../pattern/pattern.ts';
import { type Finding, type Path, sayFound, valueAt } from './mistake.ts';

/** What EventBridge refuses of a pattern, and what it takes and most people who write it do not mean. */
export const patternFindings = (match: unknown, path: Path): Finding[] => {
  if (typeof match !== 'object' || match === null || Array.isArray(match)) return [];
  const say =
    (wanted: string) =>
    (mistake: PatternMistake): Finding => ({
      path: [...path, ...mistake.path],
      at: 'value',
      found: sayFound(valueAt(match, mistake.path)),
      wanted: `${wanted}: ${mistake.message}`,
      todo: 'correct the pattern',
    });
  try {
    // EventBridge takes these, and means something else by them than most people who write them
    return compilePattern(match).remarks.map(say('a pattern without surprises'));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return error.mistakes.map(say('a pattern that EventBridge takes'));
  }
};
