import { strFromU8, unzipSync } from 'fflate';

export interface ReadCell {
  /** Position of the cell's format. */
  readonly style: number;
  readonly type: 'text' | 'number';
  /** Of a text what it says, of a number its digits in the file, of a formula what it comes to. */
  readonly value: string;
  readonly formula: string | null;
}

export interface ReadSheet {
  readonly name: string;
  readonly frozen: boolean;
  readonly xml: string;
  readonly head: readonly string[];
  /** By title of the column; cells that are empty are not there. */
  readonly rows: readonly Readonly<Record<string, ReadCell>>[];
}

/** An XLSX file as a spreadsheet reads it: every part is parsed, escapes are undone. */
export function readXlsx(file: Uint8Array): readonly ReadSheet[] {
  const parts = unzipSync(file);
  const text = (name: string): string => {
    const part = parts[name];
    if (part === undefined) throw new Error(`the workbook has no ${name}`);
    return strFromU8(part);
  };
  const workbook = text('xl/workbook.xml');
  const targets = new Map(
    [...text('xl/_rels/workbook.xml.rels').matchAll(/Id="(\w+)"[^>]*Target="([^"]+)"/g)].map(
      ([, id, target]) => [id, target],
    ),
  );
  return [...workbook.matchAll(/<sheet name="([^"]*)" sheetId="\d+" r:id="(\w+)"\/>/g)].map(
    ([, name = '', id]) => sheetOf(unescaped(name), text(`xl/${targets.get(id)}`)),
  );
}

function sheetOf(name: string, xml: string): ReadSheet {
  const rows = [...xml.matchAll(/<row r="(\d+)">(.*?)<\/row>/gs)].map(([, , cells = '']) =>
    cellsOf(cells),
  );
  const [head, ...body] = rows;
  const titles = new Map([...(head ?? [])].map(([column, cell]) => [column, cell.value]));
  return {
    name,
    xml,
    frozen: /<pane ySplit="1"[^>]*state="frozen"\/>/.test(xml),
    head: [...titles.values()],
    rows: body.map((row) =>
      Object.fromEntries([...row].map(([column, cell]) => [titles.get(column) ?? column, cell])),
    ),
  };
}

const CELL =
  /<c r="([A-Z]+)\d+" s="(\d+)"( t="inlineStr")?>(?:<f>(.*?)<\/f>)?(?:<v>(.*?)<\/v>|<is><t xml:space="preserve">(.*?)<\/t><\/is>)<\/c>/gs;

function cellsOf(xml: string): Map<string, ReadCell> {
  const cells = new Map<string, ReadCell>();
  for (const [, column = '', style, inline, formula, number, text] of xml.matchAll(CELL)) {
    cells.set(column, {
      style: Number.parseInt(style ?? '', 10),
      type: inline === undefined ? 'number' : 'text',
      value: inline === undefined ? (number ?? '') : unescaped(text ?? ''),
      formula: formula === undefined ? null : unescaped(formula),
    });
  }
  return cells;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/_x([0-9A-F]{4})_/g, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
}
