// Charts on a sheet, as pictures: Excel's own charts have no funnel and no waterfall that other programs show, and would look
// different from what is on the screen. The numbers stand beside them as cells.
import type { ExportChart } from '#shared/export/export-table.ts';
import { escapeXml } from '#shared/export/xlsx-cells.ts';
import { OFFICE, relations } from '#shared/export/xlsx-parts.ts';
import type { Bytes } from '#shared/export/zip.ts';

export interface PlacedPicture {
  readonly title: string;
  readonly png: Bytes;
  readonly width: number;
  readonly height: number;
  /** Of the row it begins in, from 0. */
  readonly row: number;
}

/** A point of a picture in the units of drawings. */
const EMU = 9525;
/** Height of a row, in points of pictures. */
const ROW_HEIGHT = 20;
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';

/** Each below the other from a row on, a row for its title above it; charts that have no dots are left out. */
export function placePictures(charts: readonly ExportChart[], firstRow: number): readonly PlacedPicture[] {
  let row = firstRow;
  return charts.flatMap(({ title, png, width, height }) => {
    if (png === undefined) return [];
    const placed = { title, png, width, height, row: row + 1 };
    row += Math.ceil(height / ROW_HEIGHT) + 3;
    return [placed];
  });
}

function anchorXml({ title, width, height, row }: PlacedPicture, index: number): string {
  const no = String(index + 1);
  const size = `cx="${String(Math.round(width * EMU))}" cy="${String(Math.round(height * EMU))}"`;
  const name = escapeXml(title).replaceAll('"', '&quot;');
  return [
    `<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${String(row)}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>`,
    `<xdr:ext ${size}/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${no}" name="Chart ${no}" descr="${name}"/>`,
    '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>',
    `<xdr:blipFill><a:blip r:embed="rId${no}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>`,
    `<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext ${size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>`,
    '</xdr:pic><xdr:clientData/></xdr:oneCellAnchor>',
  ].join('');
}

/** `xl/drawings/drawing1.xml`. */
export function drawingXml(pictures: readonly PlacedPicture[]): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr xmlns:xdr="${DRAWING}/spreadsheetDrawing" xmlns:a="${DRAWING}/main" xmlns:r="${OFFICE}">${pictures.map(anchorXml).join('')}</xdr:wsDr>`;
}

export function drawingRelations(pictures: readonly PlacedPicture[]): string {
  return relations(pictures.map((_picture, index) => ['image', `../media/image${String(index + 1)}.png`]));
}

/** Of the sheet that shows the drawing. */
export const sheetRelations = relations([['drawing', '../drawings/drawing1.xml']]);
