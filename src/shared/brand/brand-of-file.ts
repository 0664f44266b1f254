import { lookOfAccent } from '#shared/brand/accent.ts';
import { isBranded, type Brand } from '#shared/brand/brand.ts';
import { readLogo } from '#shared/brand/check-logo.ts';
import type { ExportBrand } from '#shared/export/export-table.ts';

/** Of bars, where no accent was chosen. */
export const USUAL_BAR = '#5066e0';

/** What stands above the title of a file; nothing for an organization that looks as usual. */
export function brandOfFile(brand: Brand): { readonly brand?: ExportBrand } {
  if (!isBranded(brand)) return {};
  const { name, logo, accent } = brand;
  return { brand: { name, logo: readLogo(logo), bar: accent === null ? USUAL_BAR : lookOfAccent(accent).fill } };
}
