import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import classes from './breadcrumbs.module.css';

/** Back, forward, and the list the user is in. */
export function Breadcrumbs() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [first, second] = pathname.split('/').filter((part) => part !== '');
  const isAnalytics = first === 'analytics';
  const screen = isAnalytics ? second : first;
  return (
    <div className={classes.row}>
      <ActionIcon size="sm" aria-label={t('shell.back')} onClick={() => void navigate(-1)}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <ActionIcon size="sm" aria-label={t('shell.forward')} onClick={() => void navigate(1)}>
        <IconChevronRight size={16} />
      </ActionIcon>
      {screen === undefined ? null : (
        <Link to={isAnalytics ? `/analytics/${screen}` : `/${screen}`} className={classes.crumb} draggable={false}>
          {t(`nav.${screen}`, { defaultValue: t('common.noSuchScreen') })}
        </Link>
      )}
    </div>
  );
}
