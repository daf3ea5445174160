/**
 * Reads JSON for matching. A number that no double holds as it is written (`12345678901234567890`, `1e400`) is known
 * by its text alone: EventBridge's own matcher finds it equal to the same text and to nothing else, and neither more
 * nor less than any number. Here it becomes the symbol of that text; every other number is a number.
 *
 * @throws SyntaxError where the text is no JSON
 */
export const readJson = (text: string): unknown => {
  try {
    return (JSON.parse as ParseWithSource)(text, keepNumber);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return JSON.parse(text); // a reviver climbs the stack; what is nested so deep matches nothing there anyway
  }
};

const keepNumber = (_name: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && !isHeld(value, source) ? Symbol.for(source) : value;

/** JSON.parse as ECMAScript 2026 has it: the reviver is shown how a value is written. */
type ParseWithSource = (text: string, reviver: typeof keepNumber) => unknown;

const isHeld = (value: number, source: string): boolean =>
  String(value) === source || decimalOf(String(value)) === decimalOf(source);

/** A decimal in one form for all its spellings: sign, digits without zeros at either end, power of ten. */
const decimalOf = (written: string): string | null => {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(written);
  if (parts === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.slice(0, endOf(digits)); // no regular expression: it would look at a run of zeros again and again
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
};

const endOf = (digits: string): number => {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return end;
};
