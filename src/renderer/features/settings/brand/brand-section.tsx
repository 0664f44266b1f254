// How the organization looks: name, logo and accent, tried here in light and dark before they are kept. They are part of the record
// of the organization: saved on this computer first, offline too, and on every other one with the next pull.
import { Button, FileButton, Group, Input, TextInput } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { AccentInput, USUAL_ACCENT } from '#renderer/features/settings/brand/accent-input.tsx';
import { drawLogo, LogoError } from '#renderer/features/settings/brand/draw-logo.ts';
import { BrandPreview } from '#renderer/features/settings/brand/brand-preview.tsx';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { ACCENT, changesOfAccent, lookOfAccent } from '#shared/brand/accent.ts';
import { brandOf, MOST_BRAND_NAME, type Brand } from '#shared/brand/brand.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import settings from '#renderer/features/settings/settings.module.css';
import classes from './brand.module.css';

export function BrandSection(props: { readonly tenantName: string }) {
  const { t } = useTranslation();
  const { record } = useOrganization();
  const kept = brandOf(record);
  return (
    <>
      <h1>{t('settings.brand.title')}</h1>
      <p className={settings.lead}>{t('settings.brand.text')}</p>
      <BrandForm key={JSON.stringify(kept)} kept={kept} tenantName={props.tenantName} />
    </>
  );
}

function BrandForm({ kept, tenantName }: { readonly kept: Brand; readonly tenantName: string }) {
  const { t } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const { record, figures } = useOrganization();
  const [name, setName] = useState(kept.name ?? '');
  const [logo, setLogo] = useState(kept.logo);
  const [accent, setAccent] = useState(kept.accent ?? '');
  const [failure, setFailure] = useState<string | null>(null);
  const isReadOnly = !can('create', entities.organization);
  const isColor = accent === '' || ACCENT.test(accent.toLowerCase());
  const wanted: Brand = {
    name: name.trim() === '' ? null : name.trim(),
    logo,
    accent: accent === '' || !isColor ? null : accent.toLowerCase(),
  };
  const look = lookOfAccent(wanted.accent ?? USUAL_ACCENT);
  const changes = wanted.accent === null ? [] : changesOfAccent(look);

  async function choose(file: File | null): Promise<void> {
    if (file === null) return;
    setFailure(null);
    try {
      setLogo(await drawLogo(file));
    } catch (error) {
      if (!(error instanceof LogoError)) throw error;
      setFailure(t(`settings.brand.failures.${error.failure}`));
    }
  }

  function save(): void {
    const values = { brandName: wanted.name, brandLogo: wanted.logo, brandAccent: wanted.accent };
    const done = { done: t('settings.saved') };
    if (record === null) {
      const whole = { currency: figures.currency, ...values };
      void run('createRecord', { entity: 'organization', id: ORGANIZATION_ID, values: whole }, done);
    } else void run('updateRecord', { entity: 'organization', id: ORGANIZATION_ID, values }, done);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className={settings.form}>
        <TextInput
          label={t('settings.brand.name')}
          description={t('settings.brand.nameText')}
          placeholder={tenantName}
          maxLength={MOST_BRAND_NAME}
          value={name}
          disabled={isReadOnly}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Input.Wrapper
          label={t('settings.brand.logo')}
          labelElement="div"
          description={t('settings.brand.logoText')}
          error={failure}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
        >
          <div className={classes.logo} style={{ marginTop: 6 }}>
            <div className={classes.plate} data-testid="logo">
              {logo === null ? <IconPhoto size={22} stroke={1.4} aria-hidden /> : <BrandLogo logo={logo} height={44} />}
            </div>
            <FileButton accept="image/png,image/jpeg,image/webp,image/svg+xml" onChange={(file) => void choose(file)}>
              {(button) => (
                <Button {...button} variant="default" disabled={isReadOnly}>
                  {t(logo === null ? 'settings.brand.choose' : 'settings.brand.other')}
                </Button>
              )}
            </FileButton>
            {logo === null ? null : (
              <Button variant="subtle" color="gray" disabled={isReadOnly} onClick={() => setLogo(null)}>
                {t('settings.brand.noLogo')}
              </Button>
            )}
          </div>
        </Input.Wrapper>
        <AccentInput
          value={accent}
          color={wanted.accent}
          error={isColor ? null : t('problems.color')}
          isReadOnly={isReadOnly}
          onChange={setAccent}
        />
      </div>
      {changes.length === 0 ? null : (
        <p className={classes.adjusted} role="status">
          {t('settings.brand.adjusted')}{' '}
          {changes
            .map((change) =>
              t(`settings.brand.changes.${change}`, { color: change === 'fill' ? look.fill : look[change].text }),
            )
            .join(' ')}
        </p>
      )}
      <BrandPreview name={wanted.name ?? tenantName} logo={logo} look={look} />
      <Group gap="sm">
        <Button type="submit" disabled={isReadOnly || !isColor || isJsonEqual(kept, wanted)}>
          {t('common.save')}
        </Button>
        {isReadOnly || isJsonEqual(wanted, { name: null, logo: null, accent: null }) ? null : (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setName('');
              setLogo(null);
              setAccent('');
            }}
          >
            {t('settings.brand.reset')}
          </Button>
        )}
      </Group>
    </form>
  );
}
