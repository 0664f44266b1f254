// How an organization looks: its name, its logo and its accent, with the record of the organization, so that every computer has
// them without a network. What a record says is looked at again wherever it is shown.
import { ACCENT } from '#shared/brand/accent.ts';
import { readLogo } from '#shared/brand/check-logo.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export interface Brand {
  /** Null: the name the organization was founded with. */
  readonly name: string | null;
  /** A PNG as base64. */
  readonly logo: string | null;
  /** `#rrggbb`; null: the usual one. */
  readonly accent: string | null;
}

export const noBrand: Brand = { name: null, logo: null, accent: null };

export const MOST_BRAND_NAME = 80;

export const isBranded = ({ name, logo, accent }: Brand): boolean => name !== null || logo !== null || accent !== null;

export function brandOf(record: object | null | undefined): Brand {
  if (!isPlainObject(record)) return noBrand;
  const { brandName, brandLogo, brandAccent } = record;
  return {
    name: typeof brandName === 'string' && brandName.trim() !== '' ? brandName.trim().slice(0, MOST_BRAND_NAME) : null,
    logo: readLogo(brandLogo) === null ? null : (brandLogo as string),
    accent: typeof brandAccent === 'string' && ACCENT.test(brandAccent) ? brandAccent : null,
  };
}
