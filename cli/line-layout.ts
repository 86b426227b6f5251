import { PartCutter } from './part-cutter.ts';

/** How a file may be cut: at line ends, with a head that each part needs, or not at all. */
export type LineLayout =
  | { readonly kind: 'lines'; readonly isQuoted: boolean; readonly head: Uint8Array }
  | {
      readonly kind: 'whole';
      /** What a person can do so that it can be cut; null when there is nothing. */
      readonly advice: string | null;
    };

const NO_HEAD = new Uint8Array(0);
/** Answers in an envelope belong together: a snapshot is complete, or hosts count as gone. */
const ENVELOPE_KEYS = ['body', 'observedAt', 'resourceProvider', 'hypervisors', 'granularity'];

/**
 * Tells from the first megabyte whether the lines of a file stand for themselves: JSON lines, or CSV with
 * a header that is to be repeated.
 */
export function layoutOf(start: Uint8Array): LineLayout {
  const text = Buffer.from(start)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const first = text.trimStart().charAt(0);
  if (first === '[') return { kind: 'whole', advice: ARRAY };
  if (first === '{') return jsonLayout(text);
  const header = text.slice(0, text.indexOf('\n'));
  const isCsv = /^["A-Za-z]/.test(header) && header.includes(',') && !/[{}]/.test(header);
  return isCsv ? csvLayout(start) : { kind: 'whole', advice: null };
}

const ARRAY =
  "it is one JSON array, so it goes up whole. Write JSON lines (jq -c '.[]') and it is cut into parts.";
const BROKEN_OBJECTS =
  'its objects run over several lines, so it goes up whole. Write one object a line (jq -c .) and it is cut into parts.';

function jsonLayout(text: string): LineLayout {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  try {
    const row: unknown = JSON.parse(line);
    const isEnvelope = ENVELOPE_KEYS.some((key) => Object.hasOwn(row as object, key));
    return isEnvelope
      ? { kind: 'whole', advice: null }
      : { kind: 'lines', isQuoted: false, head: NO_HEAD };
  } catch {
    return { kind: 'whole', advice: BROKEN_OBJECTS };
  }
}

function csvLayout(start: Uint8Array): LineLayout {
  const [end] = new PartCutter(1, { isQuoted: true }).push(start);
  if (end === undefined) return { kind: 'whole', advice: null };
  return { kind: 'lines', isQuoted: true, head: Uint8Array.from(start.subarray(0, end)) };
}
