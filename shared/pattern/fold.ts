/** A text to be compared without case: of each of its characters the lower and the upper form. */
export type Folded = { lower: string; upper: string }[];

/**
 * Reads a text as EventBridge's own matcher does: each UTF-16 unit by itself, either form of it will do. That is less
 * than Unicode's folding (`k` is `K`, but not the Kelvin sign) and sometimes more (`ß` is `SS`).
 */
export const readFolded = (text: string): Folded =>
  Array.from({ length: text.length }, (_, at) => text.charAt(at)).map((character) => ({
    lower: character.toLowerCase(),
    upper: character.toUpperCase(),
  }));

/** Whether a text begins so, without case; with `whole`, whether it is so. */
export const beginsFolded = (folded: Folded, text: string, whole = false): boolean => {
  let at = 0;
  for (const { lower, upper } of folded) {
    if (text.startsWith(lower, at)) at += lower.length;
    else if (text.startsWith(upper, at)) at += upper.length;
    else return false;
  }
  return !whole || at === text.length;
};

/** Whether a text ends so, without case. */
export const endsFolded = (folded: Folded, text: string): boolean => {
  let end = text.length;
  for (const { lower, upper } of folded.toReversed()) {
    if (text.endsWith(lower, end)) end -= lower.length;
    else if (text.endsWith(upper, end)) end -= upper.length;
    else return false;
  }
  return true;
};
