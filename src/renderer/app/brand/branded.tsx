// The look of a window: light or dark as the person likes it, name, logo and accent as the organization decided.
import { MantineProvider } from '@mantine/core';
import { useEffect, useMemo, type ReactNode } from 'react';
import { keepBrand, keptBrand } from '#renderer/app/brand/kept-brand.ts';
import { BrandContext } from '#renderer/blocks/use-brand.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useOwnLive } from '#renderer/data/use-data.ts';
import { themeOf, variablesOfTheme } from '#renderer/app/brand/theme-of-accent.ts';
import { brandOf } from '#shared/brand/brand.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

const query = { entity: 'organization', id: ORGANIZATION_ID } as const;

export function Branded(props: { readonly children: ReactNode }) {
  const session = useAppSelector((state) => state.device.session);
  const wished = useAppSelector((state) => state.device.preferences.theme);
  const { data } = useOwnLive('record', session?.status === 'signedIn' ? query : null);
  const record = data?.record;
  const isKnown = session?.status === 'signedIn' && record !== undefined;
  const brand = useMemo(() => (isKnown ? brandOf(record) : keptBrand(session)), [isKnown, record, session]);
  useEffect(() => {
    if (isKnown) keepBrand(session, brand);
  }, [isKnown, session, brand]);
  const theme = useMemo(() => themeOf(brand.accent), [brand.accent]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variablesOfTheme}
      defaultColorScheme="auto"
      {...(wished === 'system' ? {} : { forceColorScheme: wished })}
    >
      <BrandContext value={brand}>{props.children}</BrandContext>
    </MantineProvider>
  );
}
