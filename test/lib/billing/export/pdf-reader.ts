import { getDocumentProxy } from 'unpdf';
import { pdfFonts } from '../../../../lib/adapters/node/pdf-fonts.ts';

export const FONTS = pdfFonts();

export interface ReadPage {
  /** What can be selected and copied, in reading order. */
  readonly text: string;
  /** Pieces of text with their left and right ends and their baseline, in points from the lower left corner. */
  readonly pieces: readonly {
    readonly text: string;
    readonly left: number;
    readonly right: number;
    readonly y: number;
  }[];
  /** Roles of the logical structure, outermost first. */
  readonly roles: readonly string[];
}

export interface ReadPdf {
  readonly pages: readonly ReadPage[];
  readonly text: string;
  readonly title: string;
  readonly lang: string;
  readonly isTagged: boolean;
  readonly bookmarks: readonly string[];
  /** Whether it would do anything when opened or clicked. */
  readonly hasActions: boolean;
}

/** A PDF as a viewer reads it. */
export async function readPdf(file: Uint8Array): Promise<ReadPdf> {
  const pdf = await getDocumentProxy(new Uint8Array(file));
  const pages: ReadPage[] = [];
  let annotations = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item) =>
      'str' in item && item.str.trim() !== ''
        ? [
            {
              text: item.str,
              left: item.transform[4] as number,
              right: (item.transform[4] as number) + item.width,
              y: item.transform[5] as number,
            },
          ]
        : [],
    );
    annotations += (await page.getAnnotations()).length;
    const roles = rolesOf(await page.getStructTree());
    pages.push({ text: textOf(pieces), pieces, roles });
  }
  const { info } = (await pdf.getMetadata()) as unknown as {
    info: { Title?: string; Language?: string };
  };
  const marks = (await pdf.getMarkInfo()) as ReadonlyMap<string, boolean> | { Marked?: boolean };
  const actions = (await pdf.getJSActions()) ?? (await pdf.getOpenAction());
  return {
    pages,
    text: pages.map(({ text }) => text).join('\n'),
    title: info.Title ?? '',
    lang: info.Language ?? '',
    isTagged: marks instanceof Map ? marks.get('Marked') === true : Object(marks).Marked === true,
    bookmarks: ((await pdf.getOutline()) ?? []).map(({ title }) => title),
    hasActions: actions !== null || annotations > 0,
  };
}

/** Pieces in two fonts that touch each other are one word. */
function textOf(pieces: ReadPage['pieces']): string {
  return pieces
    .map(({ text, left, y }, index) => {
      const before = pieces[index - 1];
      if (before === undefined) return text;
      return before.y === y && Math.abs(left - before.right) < 1 ? text : ` ${text}`;
    })
    .join('');
}

interface StructNode {
  readonly role?: string;
  readonly children?: readonly object[];
}

function rolesOf(node: StructNode | null): string[] {
  if (node === null) return [];
  return [
    ...(node.role === undefined ? [] : [node.role]),
    ...(node.children ?? []).flatMap(rolesOf),
  ];
}
