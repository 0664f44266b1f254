// Name, logo and accent of an organization as they are chosen, and how they will look in light and dark. What is done with them is up to
// whoever shows the fields.
import { Button, FileButton, Input, TextInput } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccentInput, USUAL_ACCENT } from '#renderer/blocks/brand/accent-input.tsx';
import { BrandPreview } from '#renderer/blocks/brand/brand-preview.tsx';
import { drawLogo, LogoError } from '#renderer/blocks/brand/draw-logo.ts';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { ACCENT, changesOfAccent, lookOfAccent } from '#shared/brand/accent.ts';
import { MOST_BRAND_NAME, type Brand } from '#shared/brand/brand.ts';
import classes from './brand.module.css';

/** As it was typed. */
export interface BrandDraft {
  readonly name: string;
  readonly logo: string | null;
  readonly accent: string;
}

export const emptyDraft: BrandDraft = { name: '', logo: null, accent: '' };

export function draftOf({ name, logo, accent }: Brand): BrandDraft {
  return { name: name ?? '', logo, accent: accent ?? '' };
}

const isColor = ({ accent }: BrandDraft): boolean => accent === '' || ACCENT.test(accent.toLowerCase());

function wantedOf(draft: BrandDraft): Brand {
  const { name, logo, accent } = draft;
  return {
    name: name.trim() === '' ? null : name.trim(),
    logo,
    accent: accent === '' || !isColor(draft) ? null : accent.toLowerCase(),
  };
}

/** Null while what was typed is no colour. */
export function brandOfDraft(draft: BrandDraft): Brand | null {
  return isColor(draft) ? wantedOf(draft) : null;
}

export function BrandFields(props: {
  readonly draft: BrandDraft;
  /** Shown where no name is given. */
  readonly usualName: string;
  readonly isReadOnly?: boolean;
  readonly onChange: (draft: BrandDraft) => void;
}) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<string | null>(null);
  const { draft, usualName, isReadOnly = false, onChange } = props;
  const { logo } = draft;
  const wanted = wantedOf(draft);
  const look = lookOfAccent(wanted.accent ?? USUAL_ACCENT);
  const changes = wanted.accent === null ? [] : changesOfAccent(look);

  async function choose(file: File | null): Promise<void> {
    if (file === null) return;
    setFailure(null);
    try {
      onChange({ ...draft, logo: await drawLogo(file) });
    } catch (error) {
      if (!(error instanceof LogoError)) throw error;
      setFailure(t(`settings.brand.failures.${error.failure}`));
    }
  }

  return (
    <>
      <div className={classes.fields}>
        <TextInput
          label={t('settings.brand.name')}
          description={t('settings.brand.nameText')}
          placeholder={usualName}
          maxLength={MOST_BRAND_NAME}
          value={draft.name}
          disabled={isReadOnly}
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
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
              <Button
                variant="subtle"
                color="gray"
                disabled={isReadOnly}
                onClick={() => onChange({ ...draft, logo: null })}
              >
                {t('settings.brand.noLogo')}
              </Button>
            )}
          </div>
        </Input.Wrapper>
        <AccentInput
          value={draft.accent}
          color={wanted.accent}
          error={isColor(draft) ? null : t('problems.color')}
          isReadOnly={isReadOnly}
          onChange={(accent) => onChange({ ...draft, accent })}
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
      <BrandPreview name={wanted.name ?? usualName} logo={logo} look={look} />
    </>
  );
}
