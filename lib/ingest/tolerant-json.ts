const NOT_FINITE = /([[,:]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g;

const QUOTE = 34;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** No answer of an API nests deeper; what walks through a value may recurse. */
const NESTING_MAX = 64;

/**
 * JSON as Python writes it, where NaN and Infinity may stand for numbers that do not exist: they are
 * read as null. Undefined when it is not JSON even so, or nests too deeply to be an answer.
 */
export function parseTolerantly(text: string): unknown {
  if (nestsTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return parseOrUndefined(text.replace(NOT_FINITE, '$1null'));
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nestsTooDeeply(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else depth += depthChange(code);
    if (depth > NESTING_MAX) return true;
  }
  return false;
}

function depthChange(code: number): number {
  if (code === OPEN_ARRAY || code === OPEN_OBJECT) return 1;
  return code === CLOSE_ARRAY || code === CLOSE_OBJECT ? -1 : 0;
}
