import { createContext, useContext } from 'react';
import { noBrand, type Brand } from '#shared/brand/brand.ts';

export const BrandContext = createContext<Brand>(noBrand);

/** How the organization looks that this window is about. */
export const useBrand = (): Brand => useContext(BrandContext);
