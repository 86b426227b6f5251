import type PDFDocument from 'pdfkit';
import { type FontName, type Run, shownText, type Typefaces, type Weight } from './typefaces.ts';

type Pdf = InstanceType<typeof PDFDocument>;

export interface Face {
  readonly weight: Weight;
  /** In points. */
  readonly size: number;
  readonly color: string;
}

/** A line of text as it is set, and its width in points. */
export interface SetLine {
  readonly runs: readonly Run[];
  readonly width: number;
}

export interface Pen {
  /** The text in lines of at most so many points; a word that is longer is broken anywhere. */
  readonly wrap: (text: string, face: Face, width: number) => readonly SetLine[];
  /** On one line, whatever its width. */
  readonly line: (text: string, face: Face) => SetLine;
  /** @param at left end and baseline, in points from the upper left corner of the page */
  readonly write: (
    line: SetLine,
    face: Face,
    at: { readonly x: number; readonly y: number },
  ) => void;
}

export const FACE = {
  title: { weight: 'bold', size: 20, color: '#111827' },
  heading: { weight: 'bold', size: 11, color: '#111827' },
  text: { weight: 'regular', size: 9, color: '#111827' },
  strong: { weight: 'bold', size: 9, color: '#111827' },
  label: { weight: 'regular', size: 8, color: '#4b5563' },
  cell: { weight: 'regular', size: 7.5, color: '#111827' },
  cellHead: { weight: 'bold', size: 7.5, color: '#111827' },
  small: { weight: 'regular', size: 6.5, color: '#4b5563' },
} as const satisfies Record<string, Face>;

/** Distance of lines, in sizes of the font. */
export const LEADING = 1.3;

/** Pieces that a line may end after. */
const PIECES = /[^\s\-_/.:,@]*[\s\-_/.:,@]|[^\s\-_/.:,@]+/g;

export function pen(pdf: Pdf, faces: Typefaces): Pen {
  const registered = new Set<FontName>();
  const widths = new Map<string, number>();

  const use = (font: FontName, size: number): void => {
    if (!registered.has(font)) {
      pdf.registerFont(font, faces.file(font) as Buffer);
      registered.add(font);
    }
    pdf.font(font).fontSize(size);
  };
  /** Of size 1. */
  const widthOf = ({ font, text }: Run): number => {
    const key = `${font} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    use(font, 100);
    const width = pdf.widthOfString(text) / 100;
    widths.set(key, width);
    return width;
  };
  const line = (text: string, { weight, size }: Face): SetLine => {
    const runs = faces.runsOf(shownText(text), weight);
    return { runs, width: runs.reduce((sum, run) => sum + widthOf(run), 0) * size };
  };
  const fits = (text: string, face: Face, width: number): boolean =>
    line(text.trimEnd(), face).width <= width;

  return {
    line,
    wrap(given, face, width) {
      const text = shownText(given);
      if (fits(text, face, width)) return [line(text.trimEnd(), face)];
      const fitting = (one: string) => fits(one, face, width);
      const units = (text.match(PIECES) ?? []).flatMap((piece) =>
        fitting(piece) ? [piece] : filledLines([...piece], fitting),
      );
      return filledLines(units, fitting).map((one) => line(one.trimEnd(), face));
    },
    write({ runs }, { size, color }, { x, y }) {
      let left = x;
      for (const run of runs) {
        use(run.font, size);
        pdf.fillColor(color).text(run.text, left, y, { lineBreak: false, baseline: 'alphabetic' });
        left += widthOf(run) * size;
      }
    },
  };
}

/** As many units on each line as fit, at least one. */
function filledLines(units: readonly string[], fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  for (const unit of units) {
    const present = lines.at(-1);
    if (present !== undefined && fits(present + unit)) lines[lines.length - 1] = present + unit;
    else lines.push(unit);
  }
  return lines;
}
