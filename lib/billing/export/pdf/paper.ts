import PDFDocument from 'pdfkit';
import { joinBytes } from '../../../bytes.ts';
import { FACE, type Face, LEADING, type Pen, pen } from './pen.ts';
import { type PdfFonts, typefaces } from './typefaces.ts';

type Pdf = InstanceType<typeof PDFDocument>;
/** An element of the logical structure, which screen readers follow. */
export type Tag = ReturnType<Pdf['struct']>;

const MARGIN = 42;
const FOOTER_HEIGHT = 30;

/** Pages of a document in the file: they are counted by themselves, and written out when it ends. */
interface Part {
  readonly footer: string;
  readonly firstPage: number;
}

/** A PDF in the making: where the next thing goes, and what it is to a reader. In points, A4. */
export interface Paper {
  readonly pen: Pen;
  /** The left margin. */
  readonly left: number;
  readonly width: number;
  /** Room down to the footer. */
  readonly room: () => number;
  readonly y: () => number;
  readonly down: (by: number) => void;
  /** Starts a page of the present part. */
  readonly page: () => void;
  /** Starts a part on a new page: with a bookmark, page numbers from 1, and its footer. */
  readonly part: (title: string, footer: string) => Tag;
  /** Adds an element that is drawn right away. */
  readonly tag: (parent: Tag, type: string, draw: () => void, scope?: 'Row' | 'Column') => void;
  /** Adds an element for others to stand in. */
  readonly group: (parent: Tag, type: string) => Tag;
  /** Draws what is no content: rules, repeated headers. */
  readonly decorate: (draw: () => void) => void;
  /** From the left margin. */
  readonly rule: (y: number, width: number, color?: string) => void;
  /** Text at the left margin, wrapped, downwards from here. */
  readonly paragraph: (
    parent: Tag,
    text: string,
    options?: { readonly face?: Face; readonly type?: string },
  ) => void;
  readonly finish: () => Promise<Uint8Array>;
}

export interface PaperProps {
  readonly title: string;
  readonly author: string;
  /** What stands in the file as the time of its making: nothing else tells the time. */
  readonly date: Date;
  readonly fonts: PdfFonts;
}

export function paper(props: PaperProps): Paper {
  const pdf = newPdf(props);
  const ended = bytesOf(pdf);
  const root = pdf.struct('Document');
  pdf.addStructure(root);
  const hand = pen(pdf, typefaces(props.fonts));
  let present: Part | null = null;
  const size = { width: 595.28, height: 841.89 };
  const width = size.width - 2 * MARGIN;
  let [pages, y] = [0, MARGIN];

  /** A month of hundreds of teams is never in memory as a whole. */
  const endPart = (): void => {
    if (present === null) return;
    writeFooters(pdf, { ...present, hand, end: pages, bottom: size.height - MARGIN, width });
    pdf.flushPages();
  };

  const self: Paper = {
    pen: hand,
    left: MARGIN,
    width,
    room: () => size.height - MARGIN - FOOTER_HEIGHT - y,
    y: () => y,
    down: (by) => {
      y += by;
    },
    page: () => {
      pdf.addPage();
      [pages, y] = [pages + 1, MARGIN];
    },
    part: (name, footer) => {
      endPart();
      present = { footer, firstPage: pages };
      self.page();
      pdf.outline.addItem(name);
      return self.group(root, 'Sect');
    },
    tag: (parent, type, draw, scope) => {
      parent.add(pdf.struct(type, scopeOf(scope), draw));
    },
    group: (parent, type) => {
      const element = pdf.struct(type);
      parent.add(element);
      return element;
    },
    decorate: (draw) => {
      pdf.markContent('Artifact', { type: 'Layout' });
      draw();
      pdf.endMarkedContent();
    },
    rule: (at, length, color = '#9ca3af') => {
      pdf
        .moveTo(MARGIN, at)
        .lineTo(MARGIN + length, at)
        .lineWidth(0.5)
        .stroke(color);
    },
    paragraph: (parent, text, { face = FACE.text, type = 'P' } = {}) => {
      const lines = hand.wrap(text, face, width);
      const leading = face.size * LEADING;
      if (self.room() < lines.length * leading) self.page();
      self.tag(parent, type, () => {
        for (const one of lines) {
          y += leading;
          hand.write(one, face, { x: MARGIN, y: y - leading * 0.25 });
        }
      });
    },
    finish: async () => {
      endPart();
      root.end();
      pdf.end();
      return await ended;
    },
  };
  return self;
}

function newPdf({ title, author, date }: PaperProps): Pdf {
  return new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    // Without a font of its own PDFKit would take Helvetica, which lacks the letters of most names.
    font: null as unknown as string,
    tagged: true,
    lang: 'en',
    displayTitle: true,
    info: { Title: title, Author: author, Creator: 'Headroom', CreationDate: date },
  });
}

function bytesOf(pdf: Pdf): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    pdf.on('end', () => resolve(joinBytes(chunks)));
    pdf.on('error', reject);
  });
}

/** Of a header cell: what it is the header of (ISO 32000-1, 14.8.5.7). The types of PDFKit lack it. */
function scopeOf(scope: 'Row' | 'Column' | undefined): NonNullable<Parameters<Pdf['struct']>[1]> {
  const options: { title?: string; scope?: string } = scope === undefined ? {} : { scope };
  return options;
}

function writeFooters(
  pdf: Pdf,
  {
    footer,
    firstPage,
    end,
    hand,
    bottom,
    width,
  }: Part & {
    /** The page after the last. */
    readonly end: number;
    readonly hand: Pen;
    readonly bottom: number;
    readonly width: number;
  },
): void {
  for (let page = firstPage; page < end; page += 1) {
    pdf.switchToPage(page);
    pdf.markContent('Artifact', { type: 'Pagination' });
    const count = hand.line(`Page ${page - firstPage + 1} of ${end - firstPage}`, FACE.small);
    hand.write(count, FACE.small, { x: MARGIN + width - count.width, y: bottom });
    const [left] = hand.wrap(footer, FACE.small, width - 80);
    if (left !== undefined) hand.write(left, FACE.small, { x: MARGIN, y: bottom });
    pdf.endMarkedContent();
  }
}
