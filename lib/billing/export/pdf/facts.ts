import type { Paper, Tag } from './paper.ts';
import { FACE, LEADING } from './pen.ts';

/** A label and what it is about. */
export type Fact = readonly [label: string, value: string];

const LABEL_WIDTH = 74;

/** Lists of facts beside each other; each a table to a screen reader. */
export function drawFacts(paper: Paper, parent: Tag, lists: readonly (readonly Fact[])[]): void {
  const width = paper.width / lists.length;
  const top = paper.y();
  const heights = lists.map((facts, index) => {
    const left = paper.left + index * width;
    const table = paper.group(parent, 'Table');
    let y = top;
    for (const fact of facts)
      y += drawFact(paper, table, { fact, left, top: y, width: width - 12 });
    table.end();
    return y - top;
  });
  paper.down(Math.max(0, ...heights));
}

function drawFact(
  paper: Paper,
  table: Tag,
  place: {
    readonly fact: Fact;
    readonly left: number;
    readonly top: number;
    readonly width: number;
  },
): number {
  const { fact, left, top, width } = place;
  const [label, value] = fact;
  const leading = FACE.text.size * LEADING;
  const lines = paper.pen.wrap(value, FACE.text, width - LABEL_WIDTH);
  const tr = paper.group(table, 'TR');
  const first = top + leading;
  paper.tag(
    tr,
    'TH',
    () => paper.pen.write(paper.pen.line(label, FACE.label), FACE.label, { x: left, y: first }),
    'Row',
  );
  paper.tag(tr, 'TD', () => {
    for (const [index, line] of lines.entries()) {
      paper.pen.write(line, FACE.text, { x: left + LABEL_WIDTH, y: first + index * leading });
    }
  });
  tr.end();
  return lines.length * leading + 2;
}
