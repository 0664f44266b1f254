// The small parts of a workbook that say what the others are.

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const DRAWING_TYPE = 'application/vnd.openxmlformats-officedocument.drawing+xml';
/** Names of relations, and of the attribute that uses them. */
export const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** `hasPictures`: there is one drawing, and PNG files. */
export function contentTypes(sheetCount: number, hasPictures: boolean): string {
  const sheets = Array.from(
    { length: sheetCount },
    (_none, index) =>
      `<Override PartName="/xl/worksheets/sheet${String(index + 1)}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  return [
    XML,
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    hasPictures ? '<Default Extension="png" ContentType="image/png"/>' : '',
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>`,
    ...sheets,
    hasPictures ? `<Override PartName="/xl/drawings/drawing1.xml" ContentType="${DRAWING_TYPE}"/>` : '',
    `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>`,
    '</Types>',
  ].join('');
}

/** `rId1` is the first of them, and so on. */
export function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const lines = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${String(index + 1)}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${RELATIONS}">${lines.join('')}</Relationships>`;
}

export const packageRelations = relations([['officeDocument', 'xl/workbook.xml']]);

export function workbookRelations(sheetCount: number): string {
  const sheets = Array.from(
    { length: sheetCount },
    (_none, index) => ['worksheet', `worksheets/sheet${String(index + 1)}.xml`] as const,
  );
  return relations([...sheets, ['styles', 'styles.xml']]);
}

export interface NamedSheet {
  /** Escaped already. */
  readonly name: string;
  /** Heading rows, repeated on every printed page; 0: none. */
  readonly headCount: number;
}

const quotedName = (name: string): string => `'${name.replaceAll("'", "''")}'`;

/** A place other cells can point to. */
export function firstCellOf(sheet: string): string {
  return `${quotedName(sheet)}!A1`;
}

export function workbookXml(sheets: readonly NamedSheet[]): string {
  const listed = sheets.map(
    ({ name }, index) =>
      `<sheet name="${name.replaceAll('"', '&quot;')}" sheetId="${String(index + 1)}" r:id="rId${String(index + 1)}"/>`,
  );
  const titles = sheets.map(({ name, headCount }, index) =>
    headCount === 0
      ? ''
      : `<definedName name="_xlnm.Print_Titles" localSheetId="${String(index)}">${quotedName(name)}!$1:$${String(headCount)}</definedName>`,
  );
  return [
    XML,
    `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}">`,
    `<sheets>${listed.join('')}</sheets>`,
    titles.every((title) => title === '') ? '' : `<definedNames>${titles.join('')}</definedNames>`,
    '</workbook>',
  ].join('');
}
