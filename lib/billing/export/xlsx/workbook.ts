import { strToU8, type Zippable, zipSync } from 'fflate';
import { minorDigits } from '../../../money/currency.ts';
import { type Cell, cellXml, columnName, xmlText } from './cell.ts';

export interface Column {
  readonly title: string;
  /** In characters. */
  readonly width: number;
}

export interface Sheet {
  /** At most 31 characters, none of `:\/?*[]`. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows of it, from the first, that a filter works on; 0: there is none. */
  readonly filtered: number;
}

export interface Workbook {
  readonly title: string;
  /** Whose minor digits amounts are shown with. */
  readonly currency: string;
  readonly sheets: readonly Sheet[];
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/**
 * The workbook as an XLSX file (ECMA-376). Numbers go in as decimal text, so that no float has a part in them; the same
 * workbook gives the same bytes.
 */
export function xlsxFile(workbook: Workbook): Uint8Array {
  const { sheets } = workbook;
  const files: Readonly<Record<string, string>> = {
    '[Content_Types].xml': contentTypes(sheets.length),
    '_rels/.rels': relationships([
      ['officeDocument', 'xl/workbook.xml', OFFICE],
      ['metadata/core-properties', 'docProps/core.xml', `${PACKAGE}/relationships`],
    ]),
    'docProps/core.xml': `${HEAD}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xmlText(workbook.title)}</dc:title><dc:creator>Headroom</dc:creator></cp:coreProperties>`,
    'xl/workbook.xml': workbookXml(sheets),
    'xl/_rels/workbook.xml.rels': relationships([
      ...sheets.map(
        (_sheet, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`, OFFICE] as const,
      ),
      ['styles', 'styles.xml', OFFICE],
    ]),
    'xl/styles.xml': stylesXml(workbook.currency),
    ...Object.fromEntries(
      sheets.map((sheet, index) => [`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet)]),
    ),
  };
  return zipped(files);
}

/** Zip keeps local times: this one reads the same in every zone. */
function zipped(files: Readonly<Record<string, string>>): Uint8Array {
  const mtime = new Date(1980, 0, 1);
  const entries = Object.entries(files).map(([name, text]): [string, Zippable[string]] => [
    name,
    [strToU8(text), { mtime, level: 6 }],
  ]);
  return zipSync(Object.fromEntries(entries));
}

function contentTypes(sheetCount: number): string {
  const parts = [
    ['/xl/workbook.xml', `${TYPE}.sheet.main+xml`],
    ['/xl/styles.xml', `${TYPE}.styles+xml`],
    ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
    ...Array.from({ length: sheetCount }, (_, index) => [
      `/xl/worksheets/sheet${index + 1}.xml`,
      `${TYPE}.worksheet+xml`,
    ]),
  ];
  const overrides = parts.map(
    ([name, type]) => `<Override PartName="${name}" ContentType="${type}"/>`,
  );
  return `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`;
}

/** @param targets kind of relationship, its target, and the namespace of the kind */
function relationships(targets: readonly (readonly [string, string, string])[]): string {
  const rows = targets.map(
    ([kind, target, namespace], index) =>
      `<Relationship Id="rId${index + 1}" Type="${namespace}/${kind}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${rows.join('')}</Relationships>`;
}

function workbookXml(sheets: readonly Sheet[]): string {
  const rows = sheets.map(
    ({ name }, index) =>
      `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  // Formulas are calculated when it is opened, whatever is shown until then.
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${rows.join('')}</sheets><calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>`;
}

/** Cell formats stand in the order of CELL_STYLES (cell.ts), after the default. 49 is text, 14 and up of ours are custom. */
function stylesXml(currency: string): string {
  const decimals = minorDigits(currency);
  const amount = decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`;
  const format = (id: number, font: number, more = '/>') =>
    `<xf numFmtId="${id}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"${font === 0 ? '' : ' applyFont="1"'}${more}`;
  const wrapped = ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>';
  const formats = [
    format(0, 0),
    format(49, 0),
    format(49, 1),
    format(0, 0),
    format(164, 0),
    format(165, 0),
    format(164, 1),
    format(49, 1),
    format(49, 0, wrapped),
  ];
  const font = (weight: string) =>
    `<font>${weight}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="${amount}"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2">${font('')}${font('<b/>')}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${formats.length}">${formats.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}

function sheetXml({ columns, rows, filtered }: Sheet): string {
  const last = columnName(columns.length - 1);
  const head = columns.map(({ title }): Cell => ({ kind: 'text', text: title, style: 'head' }));
  const widths = columns.map(
    ({ width }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const body = [head, ...rows].map(
    (cells, index) =>
      `<row r="${index + 1}">${cells.map((cell, column) => cellXml(cell, `${columnName(column)}${index + 1}`)).join('')}</row>`,
  );
  return [
    `${HEAD}<worksheet xmlns="${MAIN}"><dimension ref="A1:${last}${rows.length + 1}"/>`,
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
    `<cols>${widths.join('')}</cols><sheetData>${body.join('')}</sheetData>`,
    filtered === 0 ? '' : `<autoFilter ref="A1:${last}${filtered + 1}"/>`,
    '</worksheet>',
  ].join('');
}
