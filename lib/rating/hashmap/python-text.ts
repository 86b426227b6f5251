/** A JSON number as it was written: `8.0` and `8` are two texts to Python, and one number to JavaScript. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `JSON.parse` that keeps every number as its text. @throws SyntaxError */
export function parseWithNumberTexts(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? new NumberText(context.source)
      : value,
  );
}

const INTEGER = /^-?\d+$/;
/** From here on, and below 10^-4, Python writes floats with an exponent. */
const EXPONENT_FROM = 16;
const EXPONENT_BELOW = -4;

/** What Python's `str` makes of a value that its `json` read. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** Text that the parts of a list or an object have in `str` of the whole. */
function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value instanceof NumberText) return numberText(value.text);
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const members = Object.entries(value as Readonly<Record<string, unknown>>);
  return `{${members.map(([key, of]) => `${quoted(key)}: ${pythonRepr(of)}`).join(', ')}}`;
}

function numberText(text: string): string {
  return INTEGER.test(text) ? String(BigInt(text)) : floatText(Number(text));
}

/** `repr` of a float: the shortest digits that read as the same float. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const sign = Object.is(value, -0) || value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  const exponent = Number(exponentText);
  if (exponent < EXPONENT_BELOW || exponent >= EXPONENT_FROM) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inner = '';
  for (const character of text) {
    if (character === quote) inner += `\\${character}`;
    else inner += ESCAPES[character] ?? character;
  }
  return `${quote}${inner}${quote}`;
}
