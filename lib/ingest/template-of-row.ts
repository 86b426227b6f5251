import { type Capture, NUMBER, Pattern, PLAIN, SCALAR, TIME } from './row-pattern.ts';
import { RowTemplate } from './row-template.ts';
import type { SampleRow } from './sample-row.ts';

const MEMBERS_MAX = 64;
const OPEN_OBJECT = 123;

/** The template of rows like this one; null for rows that none is made of: with escapes, without metadata, with a key given twice, with a number for a message id. */
export function templateOf(row: SampleRow): RowTemplate | null {
  const { text, members, shape } = row;
  const metadata = members[shape.metadata];
  if (!metadata || !hasTemplate(row)) return null;
  const [head, tail] = [new Pattern(false), new Pattern(true)];
  const varying = new Map<number, Capture>();
  let [pattern, end] = [head, 0];
  for (const [index, member] of members.entries()) {
    pattern.literal(text.slice(end, member.start));
    end = member.end;
    if (index === shape.metadata) {
      pattern = tail;
      continue;
    }
    const capture = addMember(pattern, row, index);
    if (capture !== null) varying.set(index, capture);
  }
  pattern.literal(`${text.slice(end)}\n`);
  const [volume, time] = [varying.get(shape.volume), varying.get(shape.timestamp)];
  if (!volume || !time) return null;
  const next = members[shape.metadata + 1];
  return new RowTemplate({
    head,
    tail,
    closing: `}${next ? text.slice(metadata.end, next.start) : `${text.slice(metadata.end)}\n`}`,
    runs: [...head.runs, ...tail.runs].toSorted((a, b) => Number(b.leads) - Number(a.leads)),
    volume,
    time,
    messageId: varying.get(shape.messageId) ?? null,
    tellings: shape.tellings.flatMap((index) => varying.get(index) ?? []),
  });
}

/** The capture of a value that differs from row to row; null for others. */
function addMember(pattern: Pattern, row: SampleRow, index: number): Capture | null {
  const { shape } = row;
  const value = varyingPattern(row, index);
  if (value !== null) return pattern.capture(value);
  // A row that has a message id is not of the template of one that has none.
  if (index === shape.messageId) pattern.literal('null');
  else pattern.ofSeries(index === shape.resource);
  return null;
}

function hasTemplate({ text, members, shape, isPlain }: SampleRow): boolean {
  const isOnceEach = shape.sorted.length === members.length;
  const metadataStart = members[shape.metadata]?.start ?? -1;
  const messageId = members[shape.messageId];
  return (
    (!messageId || /^(?:"|null)/.test(text.slice(messageId.start, messageId.end))) &&
    isPlain &&
    isOnceEach &&
    members.length <= MEMBERS_MAX &&
    text.charCodeAt(0) === OPEN_OBJECT &&
    text.charCodeAt(metadataStart) === OPEN_OBJECT
  );
}

/** The pattern of a value that differs from row to row, its capture being what is needed of it; null for others. */
function varyingPattern({ text, members, shape }: SampleRow, index: number): string | null {
  if (index === shape.volume) return `(${NUMBER})`;
  if (index === shape.timestamp) return `"(${TIME})"`;
  if (shape.tellings.includes(index)) return `(${SCALAR})`;
  const isText = text[members[index]?.start ?? 0] === '"';
  return index === shape.messageId && isText ? `"(${PLAIN})"` : null;
}
