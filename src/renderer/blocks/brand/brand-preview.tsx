// The head of the sidebar, a link and a button as they will look, in light and in dark beside each other.
import { IconHome, IconLayoutKanban } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { grounds, type AccentLook, type Scheme } from '#shared/brand/accent.ts';
import classes from './brand.module.css';

interface Looks {
  readonly name: string;
  readonly logo: string | null;
  readonly look: AccentLook;
}

export function BrandPreview(props: Looks) {
  const { t } = useTranslation();
  return (
    <section className={classes.previews} aria-label={t('settings.brand.preview')}>
      <OneScheme {...props} scheme="light" />
      <OneScheme {...props} scheme="dark" />
    </section>
  );
}

function OneScheme({ name, logo, look, scheme }: Looks & { readonly scheme: Scheme }) {
  const { t } = useTranslation();
  const ground = grounds[scheme];
  const { text, selected } = look[scheme];
  return (
    <figure className={classes.preview} data-scheme={scheme}>
      <figcaption>{t(`settings.brand.${scheme}`)}</figcaption>
      <div className={classes.window} style={{ background: ground.canvas, color: ground.text }}>
        <div className={classes.side} style={{ background: ground.sidebar }}>
          <div className={classes.head}>
            {logo === null ? null : <BrandLogo logo={logo} height={22} width={60} />}
            <span>{name}</span>
          </div>
          <div className={classes.entry} style={{ background: selected, color: text }}>
            <IconHome size={15} stroke={1.7} aria-hidden />
            {t('nav.home')}
          </div>
          <div className={classes.entry}>
            <IconLayoutKanban size={15} stroke={1.7} aria-hidden />
            {t('nav.pipeline')}
          </div>
        </div>
        <div className={classes.body}>
          <span style={{ color: ground.muted }}>{t('settings.brand.sample')}</span>
          <span style={{ color: text }}>{t('settings.brand.link')}</span>
          <span className={classes.button} style={{ background: look.fill }}>
            {t('common.save')}
          </span>
        </div>
      </div>
    </figure>
  );
}
