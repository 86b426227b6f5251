const NOT_FINITE = /([[,:]\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])/g;

/**
 * JSON as Python writes it, where NaN and Infinity may stand for numbers that do not exist: they are
 * read as null. Undefined when it is not JSON even so.
 */
export function parseTolerantly(text: string): unknown {
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
